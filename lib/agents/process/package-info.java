/// Replaces this process by the agent, or waits for it: system calls, signals, terminals, open files.
package lib.agents.process;
