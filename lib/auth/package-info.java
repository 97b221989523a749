/// Signs in, keeps and refreshes tokens.
package lib.auth;
