/// One launch from request to exit code, and the public API of launch scripts.
package lib.launch;
