/// Runs any other program with its SDK pointed at the gateway.
package lib.agents.exec;
