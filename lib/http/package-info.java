/// The HTTP client of commands: proxies, trust, retries, errors.
package lib.http;
