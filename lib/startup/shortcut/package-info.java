/// Answers the shortest commands before the command line is loaded; also the training run of the AOT caches.
package lib.startup.shortcut;
