/// Reads models and token counts from requests and answers as they stream past.
package lib.usage.extract;
