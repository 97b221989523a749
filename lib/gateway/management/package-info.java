/// The management API.
package lib.gateway.management;
