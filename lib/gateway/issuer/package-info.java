/// The gateway's own sign-in, for its users and keys.
package lib.gateway.issuer;
