///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//SOURCES lib/Rpkai.java

import lib.Rpkai;

/// The front door: `jbang rpkai.java run claude -L demo`.
class rpkai {
    public static void main(String... args) {
        Rpkai.main(args);
    }
}
