/// `rpkai explain`: what a launch would do, and why.
package lib.cli.explain;
