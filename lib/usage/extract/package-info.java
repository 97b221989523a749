/// Reads models and token counts from streams, without holding them.
package lib.usage.extract;
