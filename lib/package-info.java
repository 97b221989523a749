/// The main method, and the list of sources and dependencies.
package lib;
