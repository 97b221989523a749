/// Decides how an agent gets the gateway's token: from a helper command, as the bearer of its session, or fixed.
package lib.agents.credential;
