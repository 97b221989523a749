/// One request on its way through the proxy: its body, credentials, meter and errors.
package lib.gateway.exchange;
