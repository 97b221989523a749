/// The configuration of a gateway.
package lib.gateway.config;
