///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//MAIN lib.Rpkai
//MANIFEST Enable-Native-Access=ALL-UNNAMED
//SOURCES lib/Rpkai.java

import lib.Rpkai;

/// The front door: `jbang rpkai.java run claude -L demo`.
///
/// JBang starts lib.Rpkai at once: `jbang export fatjar` has a library's module-info.class at its top, and there
/// the JDK's `jar` refuses a main class without a package.
class rpkai {
    public static void main(String... args) {
        Rpkai.main(args);
    }
}
