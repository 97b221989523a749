/// Makes the AOT caches by training runs in a throwaway home.
package lib.startup.training;
