/// One proxied request and what belongs to it: path, body, credentials, API format, meter, errors.
package lib.gateway.exchange;
