package lib.gateway.exchange;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.util.List;

/// Who asks, by their `User-Agent`: what a refusal must look like for them to stop and show it. An agent that
/// goes on trying for minutes hides the reason from the person in front of it.
///
///     ClientAgent.of(request.headers()).status(refusal, false)
public enum ClientAgent {
    /// It tries again at 401 (with a fresh token), 403 and 404, and takes most others for a passing fault. At 402
    /// it stops and shows the message.
    CLAUDE_CODE(List.of("claude-cli/"), 402),
    /// It tries again at everything but 400.
    CODEX(List.of("codex_", "codex-"), 400),
    /// Everyone else gets the wire's own status.
    OTHER(List.of(""), 0);

    private static final List<ClientAgent> ALL = List.of(values());
    private static final HeaderName CLOUD_TOKEN = HeaderNames.create("x-redpanda-cloud-token");
    private static final HeaderName API_KEY = HeaderNames.create("x-api-key");

    private final List<String> beginnings;
    private final int stop;

    /// @param beginnings of its `User-Agent`, without case
    ClientAgent(List<String> beginnings, int stop) {
        this.beginnings = beginnings;
        this.stop = stop;
    }

    public static ClientAgent of(Headers headers) {
        var names = headers.all(HeaderNames.USER_AGENT, List::of);
        if (names.isEmpty()) return OTHER;
        for (var agent : ALL) if (agent.hasSent(names.getFirst())) return agent;
        return OTHER;
    }

    private boolean hasSent(String userAgent) {
        for (var beginning : beginnings)
            if (userAgent.regionMatches(true, 0, beginning, 0, beginning.length())) return true;
        return false;
    }

    /// Whether a client that sent these headers can come back with a fresh token. It cannot where its token is in
    /// a header that is fixed for the life of the process: in `X-Redpanda-Cloud-Token`, or in Claude Code's
    /// `Authorization` alone, which is where a launch with `--token` has it. A helper's token Claude Code sends
    /// in `x-api-key` too; on Bedrock it does not, where the two cannot be told apart and the helper is believed.
    /// A client without any token may be one whose helper failed: it may do better next time.
    static boolean canRenew(Headers headers, ApiFormat wire) {
        if (headers.contains(CLOUD_TOKEN)) return false;
        var isFixed = of(headers) == CLAUDE_CODE
                && wire.takesKeyHeader()
                && headers.contains(HeaderNames.AUTHORIZATION)
                && !headers.contains(API_KEY);
        return !isFixed;
    }

    /// The status to answer with.
    ///
    /// @param passthrough whether the gateway token is one that the agent cannot renew
    public int status(GatewayError refusal, boolean passthrough) {
        if (this == OTHER) return refusal.kind().status();
        return switch (refusal.kind()) {
            case SIGNED_OUT,
                    DISABLED,
                    FOREIGN,
                    MODEL_NOT_ALLOWED,
                    NO_PROVIDER,
                    MISCONFIGURED,
                    NO_METHOD,
                    UNREADABLE,
                    LARGE_HEAD -> stop;
            // Its helper mends a 401 by fetching a fresh token. With passthrough it would renew its own login
            // instead.
            case UNAUTHENTICATED -> passthrough ? stop : refusal.kind().status();
            default -> refusal.kind().status();
        };
    }
}
