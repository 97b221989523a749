/// Gemini CLI and Qwen Code, which share their settings files.
package lib.agents.gemini;
