/// Trains AOT caches in a throwaway home.
package lib.startup.training;
