/// Signs in and out, and caches and refreshes the gateway's tokens.
package lib.auth;
