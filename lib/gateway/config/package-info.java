/// How a gateway is set up.
package lib.gateway.config;
