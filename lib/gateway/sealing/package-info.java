/// Seals secrets: where the key is kept, and how it is changed.
package lib.gateway.sealing;
