/// `rpkai run`: the flags of a launch, and its start.
package lib.cli.run;
