/// Moves a gateway's state and usage to another database: the file of an export, its checks, its import.
package lib.gateway.transfer;
