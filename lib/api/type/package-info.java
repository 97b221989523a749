/// What is known of each type of provider, one file per type.
package lib.api.type;
