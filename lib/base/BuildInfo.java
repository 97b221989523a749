package lib.base;

import java.util.Optional;

/// The version of this rpkai.
///
///     BuildInfo.line()   // rpkai 0.2.0 (source)
public final class BuildInfo {
    /// The version, as `rpkai version` prints it.
    public static final String VERSION = "0.2.0";

    private BuildInfo() {}

    /// The output of `rpkai version`: the version, and the commit that it was built from.
    public static String line() {
        // A program that runs from source was not built, and knows no commit.
        var commit = Optional.ofNullable(BuildInfo.class.getPackage().getImplementationVersion())
                .orElse("source");
        return "rpkai " + VERSION + " (" + commit + ")";
    }
}
