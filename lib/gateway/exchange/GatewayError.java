package lib.gateway.exchange;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import lib.gateway.state.StateUnavailable;

/// An error with which the gateway itself answers a request. The message names the provider and the remedy, and
/// never contains a token or a key. [ApiFormat] decides the format of the error, [ClientAgent] its status.
///
///     throw GatewayError.unauthenticated();
public final class GatewayError extends RuntimeException {

    /// The kind of error: the HTTP status, and the error type as named by Anthropic's API if it has a name.
    ///
    /// @see <a href="https://docs.anthropic.com/en/api/errors">Anthropic's errors</a>
    public enum Kind {
        INVALID(400, "invalid_request_error"),
        UNAUTHENTICATED(401, "authentication_error"),
        SIGNED_OUT(401, "authentication_error"),
        DISABLED(403, "permission_error"),
        FOREIGN(403, "permission_error"),
        MODEL_NOT_ALLOWED(403, "model_not_allowed"),
        NO_PROVIDER(404, "not_found_error"),
        NOT_FOUND(404, "not_found_error"),
        NO_METHOD(405, "invalid_request_error"),
        TOO_LARGE(413, "request_too_large"),
        UNREADABLE(415, "invalid_request_error"),
        NO_UPGRADE(426, "invalid_request_error"),
        LARGE_HEAD(431, "request_too_large"),
        OVER_BUDGET(429, "rate_limit_error"),
        BROKEN(500, "api_error"),
        UNAVAILABLE(503, "api_error"),
        STATE_UNAVAILABLE(503, "api_error"),
        BUSY(503, "overloaded_error"),
        UNREACHABLE(502, "api_error"),
        MISCONFIGURED(502, "api_error"),
        LATE(504, "timeout_error");

        private final int status;
        private final String type;

        Kind(int status, String type) {
            this.status = status;
            this.type = type;
        }

        public int status() {
            return status;
        }

        public String type() {
            return type;
        }
    }

    private final Kind kind;
    private final Optional<Instant> reset;

    private GatewayError(Kind kind, String message) {
        this(kind, message, Optional.empty());
    }

    private GatewayError(Kind kind, String message, Optional<Instant> reset) {
        // An expected answer and not a bug: no stack trace.
        super(message, null, false, false);
        this.kind = kind;
        this.reset = reset;
    }

    public static GatewayError invalid(String message) {
        return new GatewayError(Kind.INVALID, message);
    }

    /// Returns the error for a body that arrived damaged or incomplete.
    public static GatewayError brokenBody() {
        return invalid("the request body is malformed or was cut off");
    }

    static GatewayError unauthenticated() {
        return new GatewayError(Kind.UNAUTHENTICATED, "no valid gateway token: run rpkai auth login");
    }

    /// Returns the error for callers that may not read `/metrics`.
    public static GatewayError noMetrics() {
        return new GatewayError(
                Kind.UNAUTHENTICATED, "metrics require an administrator's token or the token of --metrics-token-file");
    }

    /// Returns the same error for a token that the agent cannot replace while it runs.
    static GatewayError lapsed() {
        return new GatewayError(
                Kind.UNAUTHENTICATED,
                "the gateway token has expired or is not valid: run rpkai auth login, then launch again");
    }

    /// Returns the error for a gateway that has no token for the gateway behind it. The agent cannot solve that.
    public static GatewayError signedOut(String why) {
        return new GatewayError(Kind.SIGNED_OUT, why);
    }

    /// Returns the error for a caller that this gateway does not serve.
    public static GatewayError foreign(String message) {
        return new GatewayError(Kind.FOREIGN, message);
    }

    public static GatewayError disabled(String provider) {
        return new GatewayError(
                Kind.DISABLED, "provider \"%s\" is disabled: run rpkai llm update %1$s --enabled".formatted(provider));
    }

    public static GatewayError modelNotAllowed(String provider, String model, List<String> allowed) {
        return new GatewayError(
                Kind.MODEL_NOT_ALLOWED,
                "model \"%s\" is not allowed by provider \"%s\"; it allows %s"
                        .formatted(model, provider, String.join(", ", allowed)));
    }

    /// Returns the error for a request whose model cannot be determined while the provider has an allowlist.
    public static GatewayError noModel(String provider, List<String> allowed) {
        return invalid("the request names no model, but provider \"%s\" allows only %s"
                .formatted(provider, String.join(", ", allowed)));
    }

    /// Returns the error for a call for which the gateway cannot tell the model.
    public static GatewayError unknownCall(String provider, String method) {
        return new GatewayError(
                Kind.MODEL_NOT_ALLOWED,
                ("provider \"%s\" allows only some models, and the gateway cannot read the model " + "of this %s: ")
                                .formatted(provider, method)
                        + ("use another path, or ask an administrator to run rpkai llm update %s "
                                        + "--allow-unknown-paths")
                                .formatted(provider));
    }

    public static GatewayError noProvider(String name) {
        return new GatewayError(Kind.NO_PROVIDER, "there is no provider \"%s\": run rpkai llm list".formatted(name));
    }

    public static GatewayError notFound(String message) {
        return new GatewayError(Kind.NOT_FOUND, message);
    }

    /// @param reset the time at which budget is available again
    public static GatewayError overBudget(String message, Instant reset) {
        return new GatewayError(Kind.OVER_BUDGET, message, Optional.of(reset));
    }

    /// @param allowed the supported methods
    public static GatewayError noMethod(Set<String> allowed) {
        return new GatewayError(Kind.NO_METHOD, "this API accepts " + String.join(", ", new TreeSet<>(allowed)));
    }

    /// Returns the error for a request to switch protocols. At this status Codex continues at once without the
    /// switch.
    public static GatewayError noUpgrade() {
        return new GatewayError(Kind.NO_UPGRADE, "websockets are not supported: use HTTP requests");
    }

    /// Returns the error for a body that cannot be read but must be checked against an allowlist.
    public static GatewayError unreadable(String why) {
        return new GatewayError(Kind.UNREADABLE, why);
    }

    public static GatewayError largeHead(int limit) {
        return new GatewayError(
                Kind.LARGE_HEAD, "the headers of the request are larger than %d KB".formatted(limit >> 10));
    }

    /// Returns the error for a call that running calls keep out of the rest of a budget. It may succeed when they
    /// have finished.
    public static GatewayError budgetBusy(String message) {
        return new GatewayError(Kind.OVER_BUDGET, message);
    }

    /// Returns the error for a model without a price under a budget that rejects such models. Only an
    /// administrator can change that.
    public static GatewayError noPrice(String message) {
        return new GatewayError(Kind.MODEL_NOT_ALLOWED, message);
    }

    static GatewayError tooLarge(int limit) {
        return new GatewayError(Kind.TOO_LARGE, "the request is larger than %d MB".formatted(limit >> 20));
    }

    /// Returns the error for a gateway that cannot check tokens. A retry may help.
    public static GatewayError unavailable(String why) {
        return new GatewayError(Kind.UNAVAILABLE, "tokens cannot be checked at the moment: " + why);
    }

    /// Returns the error for a temporary lack of memory. A retry helps.
    public static GatewayError busy() {
        return new GatewayError(
                Kind.BUSY, "the gateway has not enough memory for this request at the moment: try again");
    }

    /// @param subject the phrase for the unreachable provider, see [ApiFormat#subject]
    public static GatewayError unreachable(String subject, String why) {
        return new GatewayError(Kind.UNREACHABLE, "%s cannot be reached: %s".formatted(subject, why));
    }

    /// Returns the error for a provider whose upstream cannot be used until something is configured differently.
    /// A retry does not help.
    public static GatewayError misconfigured(String provider, String why) {
        return cannotReach("provider \"%s\"".formatted(provider), why);
    }

    /// Returns the same error for a provider or an MCP server.
    ///
    /// @param subject the phrase for it, see [ApiFormat#subject]
    /// @param why the reason, such as a redirect, a rejected key or a forbidden address
    public static GatewayError cannotReach(String subject, String why) {
        return new GatewayError(Kind.MISCONFIGURED, "%s cannot be reached: %s".formatted(subject, why));
    }

    public static GatewayError late(String subject, String why) {
        return new GatewayError(Kind.LATE, "%s did not answer in time: %s".formatted(subject, why));
    }

    /// Returns the error for data that the gateway cannot save. The caller is not told which disk is full.
    public static GatewayError diskFull() {
        return new GatewayError(
                Kind.UNAVAILABLE,
                "the gateway's disk is full, so it cannot store anything new: tell its " + "administrator");
    }

    /// Returns the error for a gateway whose database does not answer. A retry helps once it answers again.
    public static GatewayError stateUnavailable(StateUnavailable away) {
        return new GatewayError(Kind.STATE_UNAVAILABLE, away.forCallers());
    }

    /// Returns the error that callers see for a bug in the gateway.
    public static GatewayError broken() {
        return new GatewayError(Kind.BROKEN, "the gateway failed; this is a bug in rpkai");
    }

    /// Returns the time at which the same request is allowed again, if it is known.
    public Optional<Instant> reset() {
        return reset;
    }

    public Kind kind() {
        return kind;
    }
}
