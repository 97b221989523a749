/// Metrics and the access log.
package lib.gateway.telemetry;
