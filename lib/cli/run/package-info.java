/// `rpkai run`.
package lib.cli.run;
