/// The main method, and the list of all sources, resources and dependencies.
package lib;
