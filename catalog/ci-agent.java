///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//SOURCES Library.java
// In a copy of yours: rpkai-library@org instead, by the name that you added the catalogue by.

import java.util.List;
import lib.base.UserError;
import lib.launch.Launch;

/// Claude Code in CI: no browser, no person. The job's own credentials get a token, which is fresh on every
/// request and which nothing that the agent starts can read; every request is filed under the build's number.
///
///     AI_GATEWAY_URL=https://aigw.example.com RPAI_SERVICE_ACCOUNT_ID=… RPAI_SERVICE_ACCOUNT_SECRET=… \
///         jbang ci-agent@org -p "Fix the build"
class ci_agent {
    static final String PROVIDER = System.getenv().getOrDefault("RPKAI_PROVIDER", "anthropic");
    static final List<String> NEEDED =
            List.of("AI_GATEWAY_URL", "RPAI_SERVICE_ACCOUNT_ID", "RPAI_SERVICE_ACCOUNT_SECRET");

    public static void main(String... args) {
        for (var name : NEEDED) {
            if (System.getenv(name) == null)
                System.exit(UserError.report(
                        UserError.usage(name + " is not set", "set it among the job's variables"), System.err, false));
        }
        System.exit(Launch.claude()
                .gateway(System.getenv("AI_GATEWAY_URL"))
                .through(PROVIDER)
                .broker()
                .install()
                .conversation(System.getenv()
                        .getOrDefault("CI_JOB_ID", System.getenv().getOrDefault("GITHUB_RUN_ID", "ci")))
                .after(ended -> System.err.println("ci-agent: " + ended))
                .args(args)
                .run());
    }
}
