/// Everything that differs between provider types and is data, one file per type.
package lib.api.type;
