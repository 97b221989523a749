/// Makes commands start faster, and does nothing else; see docs/start-up.md.
package lib.startup;
