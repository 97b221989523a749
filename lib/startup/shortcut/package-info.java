/// Commands that are answered before the command line is loaded, and the program that caches are trained with.
package lib.startup.shortcut;
