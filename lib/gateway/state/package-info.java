/// What a gateway keeps: resources, accounts, sealed secrets.
package lib.gateway.state;
