package lib.base;

import java.util.Optional;

/// Which rpkai this is.
///
///     BuildInfo.line()   // rpkai 0.2.0 (source)
public final class BuildInfo {
    /// The version, as `rpkai version` prints it.
    public static final String VERSION = "0.2.0";

    private BuildInfo() {}

    /// What `rpkai version` prints: the version, and the commit that a build noted.
    public static String line() {
        // A program that runs from source has no build that could have noted a commit.
        var commit = Optional.ofNullable(BuildInfo.class.getPackage().getImplementationVersion())
                .orElse("source");
        return "rpkai " + VERSION + " (" + commit + ")";
    }
}
