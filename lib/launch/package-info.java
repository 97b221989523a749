/// Runs one launch from its request to the agent's exit code; also the public API of launch scripts.
package lib.launch;
