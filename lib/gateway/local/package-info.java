/// Starts the gateways that launches and training runs use, through interfaces of the launcher.
package lib.gateway.local;
