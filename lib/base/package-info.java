/// What everything needs: the machine, errors with a remedy, secrets, private files, JSON, the version.
package lib.base;
