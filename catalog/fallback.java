///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//SOURCES Library.java
// In a copy of yours: rpkai-library@org instead, by the name that you added the catalogue by.

import java.util.List;
import lib.base.UserError;
import lib.launch.Launch;
import lib.launch.RpkaiCommand;

/// Claude Code on the first of these providers that answers: `rpkai doctor` makes one small request to each in
/// turn.
///
///     jbang fallback@org -p "Say hello"
class fallback {
    static final List<String> PROVIDERS = List.of(System.getenv()
            .getOrDefault("RPKAI_PROVIDERS", "anthropic,bedrock,demo")
            .split(","));

    public static void main(String... args) {
        for (var provider : PROVIDERS) {
            if (RpkaiCommand.runSilently("doctor", "claude", "-L", provider) == 0)
                System.exit(Launch.claude().through(provider).args(args).run());
            System.err.printf("fallback: %s is not healthy (rpkai doctor claude -L %1$s says why)%n", provider);
        }
        System.exit(UserError.report(
                new UserError(
                        "no provider of %s is healthy".formatted(String.join(", ", PROVIDERS)), "ask rpkai doctor why"),
                System.err,
                false));
    }
}
