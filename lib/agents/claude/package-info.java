/// Claude Code: its flags, arguments, settings and models.
package lib.agents.claude;
