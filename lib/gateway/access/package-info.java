/// Defines callers, their roles, and how a token identifies a caller.
package lib.gateway.access;
