/// Makes commands start faster, the first run included, and does nothing else; see docs/start-up.md.
package lib.startup;
