package lib.agents.codex;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import lib.base.UserError;

/// The arguments for Codex that are refused after `--`, as found in its `--help`: those that would lead the
/// session past the gateway, or leave something running after it. Each refusal names an alternative.
///
///     ForbiddenArguments.check(CodexArguments.parse(args), false)
final class ForbiddenArguments {
    private static final String CHOOSE = "choose a provider of the gateway with -L before the --";
    private static final String BY_ITSELF = "run codex without rpkai for that; it bypasses the gateway";

    private static final Map<String, String> FLAGS = Map.of(
            "ignore-user-config",
            "omit it: the launch creates a home that contains only the config with the " + "gateway",
            "local-provider",
            CHOOSE,
            "oss",
            CHOOSE,
            "profile",
            "set the profile's values with -c KEY=VALUE, or choose an environment of rpkai " + "with -p before the --",
            "remote",
            BY_ITSELF,
            "remote-auth-token-env",
            BY_ITSELF);

    /// The refused settings, by the first part of their path.
    private static final Map<String, String> SETTINGS = Map.of(
            "chatgpt_base_url",
            CHOOSE,
            "model_provider",
            CHOOSE,
            "model_providers",
            CHOOSE,
            "openai_base_url",
            CHOOSE,
            "oss_provider",
            CHOOSE,
            "experimental_realtime_ws_base_url",
            CHOOSE,
            "experimental_realtime_webrtc_call_base_url",
            CHOOSE,
            "profile",
            "set the profile's values with -c KEY=VALUE",
            "profiles",
            "set the profile's values with -c KEY=VALUE");

    private static final Map<String, String> SUBCOMMANDS = Map.of(
            "a",
            BY_ITSELF,
            "apply",
            BY_ITSELF,
            "cloud",
            BY_ITSELF,
            "remote-control",
            BY_ITSELF,
            "login",
            "run rpkai auth login: Codex uses the gateway's sign-in",
            "logout",
            "run rpkai auth logout");

    /// The setting that starts a copy of Codex which continues to run, and to ask for tokens, after the
    /// session.
    private static final String DAEMON = "daemon_auto_start";

    private static final Set<String> SESSIONS = Set.of("archive", "delete", "fork", "queue", "resume", "unarchive");

    private ForbiddenArguments() {}

    /// @param lasting whether the home stays after the session
    /// @throws UserError for the first refused argument; bad usage
    static void check(CodexArguments arguments, boolean lasting) {
        for (var flag : arguments.flags()) {
            if (FLAGS.get(flag.name()) instanceof String instead) throw refused("--" + flag.name(), instead);
            if (flag.name().equals("enable") && flag.value().strip().equals(DAEMON))
                throw outlives("--enable " + DAEMON);
            if (flag.name().equals("config")) checkSetting(flag);
            if (flag.name().equals("worktree") && !lasting) {
                throw UserError.usage(
                        "--worktree keeps its checkout in Codex's home, which is deleted after the " + "session",
                        "pass a permanent home with --codex-home DIR");
            }
        }
        if (arguments.begin("app-server", "daemon")) throw outlives("app-server daemon");
        arguments.positionals().stream().findFirst().ifPresent(subcommand -> {
            if (SUBCOMMANDS.get(subcommand) instanceof String instead) throw refused(subcommand, instead);
        });
    }

    /// The reason why the arguments are useless in a new home, which has no session to resume.
    static Optional<String> uselessWithout(CodexArguments arguments, boolean lasting) {
        var positionals = arguments.positionals();
        var subcommand = positionals.size() > 1 && List.of("exec", "e").contains(positionals.getFirst())
                ? positionals.get(1)
                : positionals.isEmpty() ? "" : positionals.getFirst();
        return lasting || !SESSIONS.contains(subcommand)
                ? Optional.empty()
                : Optional.of(
                        ("codex %s finds no session in a temporary home: keep sessions with --codex-home " + "DIR")
                                .formatted(subcommand));
    }

    private static void checkSetting(CodexArguments.Flag flag) {
        var key = flag.key().replaceAll("[\"']", "");
        var first = key.split("\\.", 2)[0].strip();
        if (SETTINGS.get(first) instanceof String instead) throw refused("-c " + first, instead);
        if (first.equals("features")
                && flag.value().contains(DAEMON)
                && !flag.setting().equals("false")) throw outlives("-c features." + DAEMON);
    }

    private static UserError refused(String what, String instead) {
        return UserError.usage("codex %s would bypass the gateway".formatted(what), instead);
    }

    private static UserError outlives(String what) {
        return UserError.usage("codex %s starts a server that outlives the session".formatted(what), "omit it");
    }
}
