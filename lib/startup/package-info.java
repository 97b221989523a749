/// What exists only to start faster; see docs/start-up.md.
package lib.startup;
