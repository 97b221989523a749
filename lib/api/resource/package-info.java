/// Lists, filters and changes resources of any kind.
package lib.api.resource;
