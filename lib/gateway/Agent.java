package lib.gateway;

import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.util.List;

/// Who asks, by their `User-Agent`: what a refusal must look like for them to stop and show it. An agent that goes on
/// trying for minutes hides the reason from the person in front of it.
///
///     Agent.of(request.headers()).status(refusal, false)
enum Agent {
    /// It tries again at 401 (with a fresh token), 403 and 404, and takes most others for a passing fault. At 402 it
    /// stops and shows the message.
    CLAUDE_CODE(List.of("claude-cli/"), 402),
    /// It tries again at everything but 400.
    CODEX(List.of("codex_", "codex-"), 400),
    /// Everyone else gets the wire's own status.
    OTHER(List.of(""), 0);

    private static final List<Agent> ALL = List.of(values());

    private final List<String> beginnings;
    private final int stop;

    /// @param beginnings of its `User-Agent`, without case
    Agent(List<String> beginnings, int stop) {
        this.beginnings = beginnings;
        this.stop = stop;
    }

    static Agent of(Headers headers) {
        var names = headers.all(HeaderNames.USER_AGENT, List::of);
        if (names.isEmpty()) return OTHER;
        for (var agent : ALL) if (agent.hasSent(names.getFirst())) return agent;
        return OTHER;
    }

    private boolean hasSent(String userAgent) {
        for (var beginning : beginnings) if (userAgent.regionMatches(true, 0, beginning, 0, beginning.length())) return true;
        return false;
    }

    /// The status to answer with.
    ///
    /// @param passthrough whether the gateway token is one that the agent cannot renew
    int status(Refusal refusal, boolean passthrough) {
        if (this == OTHER) return refusal.kind().status();
        return switch (refusal.kind()) {
            case SIGNED_OUT, DISABLED, FOREIGN, MODEL_NOT_ALLOWED, NO_PROVIDER, MISCONFIGURED -> stop;
            // Its helper mends a 401 by fetching a fresh token. With passthrough it would renew its own login instead.
            case UNAUTHENTICATED -> passthrough ? stop : refusal.kind().status();
            default -> refusal.kind().status();
        };
    }
}
