/// Sign-in by an identity provider: verifies its tokens and gives roles.
package lib.gateway.oidc;
