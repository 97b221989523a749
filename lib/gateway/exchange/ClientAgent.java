package lib.gateway.exchange;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.util.List;

/// The agent that sent a request, detected from its `User-Agent`. It decides the status with which an error is
/// sent, so that the agent stops and shows the message. An agent that retries for minutes hides the reason from
/// its user.
///
///     ClientAgent.of(request.headers()).status(refusal, false)
public enum ClientAgent {
    /// Claude Code. It retries after 401 (with a fresh token), 403 and 404, and treats most other errors as
    /// transient. After 402 it stops and shows the message.
    CLAUDE_CODE(List.of("claude-cli/"), 402),
    /// Codex. It retries after every status but 400.
    CODEX(List.of("codex_", "codex-"), 400),
    /// Any other client. It receives the status of the API format.
    OTHER(List.of(""), 0);

    private static final List<ClientAgent> ALL = List.of(values());
    private static final HeaderName CLOUD_TOKEN = HeaderNames.create("x-redpanda-cloud-token");
    private static final HeaderName API_KEY = HeaderNames.create("x-api-key");

    private final List<String> beginnings;
    private final int stop;

    /// @param beginnings the prefixes of its `User-Agent`, compared without case
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

    /// Returns whether a client that sent these headers can retry with a fresh token. It cannot if its token is
    /// in a header that is fixed for the life of the process: in `X-Redpanda-Cloud-Token`, or only in Claude
    /// Code's `Authorization`, which a launch with `--token` uses. Claude Code sends a helper's token in
    /// `x-api-key` as well. On Bedrock it does not; there the two cases look alike, and the token is assumed to
    /// come from a helper. A client without any token may have a helper that failed, and may succeed the next
    /// time.
    static boolean canRenew(Headers headers, ApiFormat wire) {
        if (headers.contains(CLOUD_TOKEN)) return false;
        var isFixed = of(headers) == CLAUDE_CODE
                && wire.takesKeyHeader()
                && headers.contains(HeaderNames.AUTHORIZATION)
                && !headers.contains(API_KEY);
        return !isFixed;
    }

    /// Returns the status of the answer.
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
            // After a 401 the agent's helper fetches a fresh token. With passthrough it would renew its own login
            // instead.
            case UNAUTHENTICATED -> passthrough ? stop : refusal.kind().status();
            default -> refusal.kind().status();
        };
    }
}
