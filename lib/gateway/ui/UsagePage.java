package lib.gateway.ui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.base.UserError;
import lib.gateway.access.Authenticator;
import lib.gateway.access.Caller;
import lib.gateway.access.KeysUnavailable;
import lib.gateway.exchange.ExtraRoutes;
import lib.gateway.exchange.PublicEndpoint;
import lib.usage.store.UsageReports;

/// Serves the Cost & Usage page, `GET /ui`, and its data. Anyone may load its files, which contain no data. The
/// data comes from `GET /ui/report`, which answers signed-in callers: an admin sees everything, other callers
/// their own usage.
///
///     config.withPublicEndpoint(front.showing(new UsagePage(reports, callers, front, clock, List.of("rpkai run
///             claude")).and(front.pages())))
///
/// If callers need a token, `rpkai ui` posts it to `/ui/code` and opens `/ui#code=…`. The page posts that code,
/// which can be used once and within a minute, to `/ui/session`, and gets a cookie that no script can read and no
/// other site can send.
public final class UsagePage implements ExtraRoutes {
    /// The placeholder for the gateway's address in a first step.
    public static final String HERE = "GATEWAY";
    private static final HeaderName SEC_FETCH_SITE = HeaderNames.create("sec-fetch-site");
    private static final int LONGEST_CODE = 200;

    private final UsageReports reports;
    private final Authenticator callers;
    private final PublicEndpoint front;
    private final InstantSource clock;
    private final Sessions sessions;
    private final List<String> firstSteps;

    /// @param firstSteps the commands that the page suggests for a first call, with [#HERE] for the gateway's
    ///     address
    public UsagePage(
            UsageReports reports,
            Authenticator callers,
            PublicEndpoint front,
            InstantSource clock,
            List<String> firstSteps) {
        this.reports = reports;
        this.callers = callers;
        this.front = front;
        this.clock = clock;
        this.sessions = new Sessions(callers, clock);
        this.firstSteps = List.copyOf(firstSteps);
    }

    @Override
    public boolean serve(ServerRequest request, ServerResponse response) {
        var path = request.prologue().uriPath().rawPath();
        if (!path.equals("/ui") && !path.startsWith("/ui/")) return false;
        var method = request.prologue().method().text();
        try {
            switch (method + " " + path) {
                case "GET /ui/report" -> report(request, response);
                case "POST /ui/code" -> giveCode(request, response);
                case "POST /ui/session" -> open(request, response);
                case "DELETE /ui/session" -> close(request, response);
                default -> {
                    var file = method.equals("GET") ? PageFile.at(path) : Optional.<PageFile>empty();
                    if (file.isEmpty()) return false;
                    file.get().send(request, response);
                }
            }
        } catch (KeysUnavailable unavailable) {
            refuse(response, 503, unavailable.getMessage());
        }
        return true;
    }

    private void report(ServerRequest request, ServerResponse response) {
        var caller = callers.withoutToken()
                .or(() -> SessionCookie.of(front, request).read().flatMap(sessions::caller));
        if (caller.isEmpty()) {
            refuse(response, 401, "you are not signed in");
            return;
        }
        try {
            send(response, 200, answer(caller.get(), words(request)));
        } catch (UserError wrong) {
            // A usage error is the caller's. Otherwise the store does not answer, and callers must not learn its
            // location.
            if (wrong.exitCode() == UserError.USAGE) refuse(response, 400, wrong.line());
            else refuse(response, 503, "the usage store does not answer");
        }
    }

    private JsonNode answer(Caller caller, Map<String, String> words) {
        var isAdmin = caller.role() == Caller.Role.ADMIN;
        if (!isAdmin) words.put("user", caller.name());
        var json = PageReport.answer(reports, words, clock.instant());
        firstSteps.forEach(json.putArray("firstSteps")::add);
        json.putObject("caller")
                .put("name", caller.name())
                .put("admin", isAdmin)
                .put("signedIn", callers.withoutToken().isEmpty());
        return json;
    }

    /// Gives a code to `rpkai ui`, which has a token; browsers have no way to get one.
    private void giveCode(ServerRequest request, ServerResponse response) {
        var bearer = request.headers().all(HeaderNames.AUTHORIZATION, List::of).stream()
                .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
                .map(value -> value.substring(7).strip())
                .filter(token -> !token.isEmpty())
                .findFirst();
        var code = callers.withoutToken().isPresent() ? Optional.of("") : bearer.flatMap(sessions::code);
        if (code.isEmpty()) refuse(response, 401, "no valid gateway token: run rpkai auth login");
        else
            send(
                    response,
                    200,
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("code", code.get())
                            .put("expiresInSeconds", Sessions.CODE_LIFE.toSeconds()));
    }

    private void open(ServerRequest request, ServerResponse response) {
        if (!isFromThePage(request)) refuse(response, 403, "the request did not come from this page");
        else if (body(request).flatMap(sessions::open).map(SessionCookie.of(front, request)::set)
                        instanceof Optional<String> cookie
                && cookie.isPresent()) {
            send(response.header(HeaderNames.SET_COOKIE, cookie.get()), 200, JsonNodeFactory.instance.objectNode());
        } else refuse(response, 403, "this link was already used or is too old");
    }

    private void close(ServerRequest request, ServerResponse response) {
        if (!isFromThePage(request)) {
            refuse(response, 403, "the request did not come from this page");
            return;
        }
        var cookie = SessionCookie.of(front, request);
        cookie.read().ifPresent(sessions::close);
        send(response.header(HeaderNames.SET_COOKIE, cookie.cleared()), 200, JsonNodeFactory.instance.objectNode());
    }

    /// Returns whether a request comes from the page. Other sites cannot send the cookie, and must not sign a
    /// user in as somebody else either.
    private static boolean isFromThePage(ServerRequest request) {
        return request.headers().all(SEC_FETCH_SITE, List::of).stream().allMatch("same-origin"::equals)
                && request.headers()
                        .all(HeaderNames.create("x-rpkai-page"), List::of)
                        .equals(List.of("usage"));
    }

    private static Optional<String> body(ServerRequest request) {
        try (var body = request.content().inputStream()) {
            var code = new String(body.readNBytes(LONGEST_CODE), StandardCharsets.US_ASCII).strip();
            return code.isEmpty() ? Optional.empty() : Optional.of(code);
        } catch (java.io.IOException | RuntimeException gone) {
            return Optional.empty();
        }
    }

    private static Map<String, String> words(ServerRequest request) {
        var words = new HashMap<String, String>();
        for (var name : request.query().names())
            words.put(name, request.query().all(name).getFirst());
        return words;
    }

    private static void refuse(ServerResponse response, int status, String why) {
        send(response, status, JsonNodeFactory.instance.objectNode().put("error", why));
    }

    private static void send(ServerResponse response, int status, JsonNode json) {
        response.status(Status.create(status))
                .header(HeaderNames.CONTENT_TYPE, "application/json")
                .header(HeaderNames.CACHE_CONTROL, "no-store")
                .header(HeaderNames.create("x-content-type-options"), "nosniff")
                .send(json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
