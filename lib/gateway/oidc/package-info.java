/// Verifies the tokens of an identity provider, and maps their claims to roles.
package lib.gateway.oidc;
