/// Who calls, and what they may do.
package lib.gateway.access;
