package lib.gateway.management;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import lib.base.Json;
import lib.base.UserError;
import lib.gateway.access.Authenticator;
import lib.gateway.access.Caller;
import lib.gateway.exchange.JsonResponses;
import lib.gateway.exchange.RequestBody;
import lib.gateway.management.ConnectError.Code;
import lib.usage.budget.Budget;
import lib.usage.budget.BudgetJson;
import lib.usage.budget.BudgetNames;
import lib.usage.budget.BudgetTarget;
import lib.usage.budget.Period;
import lib.usage.report.QueryParameters;
import lib.usage.report.ReportJson;
import lib.usage.store.UsageService;

/// Serves usage reports and budgets: `GET /usage/v1/report?by=model&last=7d` and `/usage/v1/budgets`. Admins see
/// everything and set budgets; other callers see their own usage and budgets.
public final class UsageApi {
    public static final String PREFIX = "/usage/v1/";
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";

    private final UsageService accounting;
    private final Authenticator callers;

    public UsageApi(UsageService accounting, Authenticator callers) {
        this.accounting = accounting;
        this.callers = callers;
    }

    /// Answers one request below [#PREFIX].
    ///
    /// @throws ConnectError if the request cannot be answered
    public void serve(RoutingRequest request, RoutingResponse response) {
        var caller = ConnectError.caller(request.headers(), callers);
        var method = request.prologue().method();
        try {
            switch (request.prologue().uriPath().path().substring(PREFIX.length())) {
                case "report" -> {
                    if (only(response, method, Method.GET))
                        JsonResponses.json(response, 200, report(caller, words(request)));
                }
                case "budgets" -> {
                    if (only(response, method, Method.GET, Method.PUT, Method.DELETE))
                        JsonResponses.json(response, 200, budgets(caller, method, request));
                }
                default ->
                    throw new ConnectError(
                            Code.NOT_FOUND, "not found; usage is at " + PREFIX + "report and " + PREFIX + "budgets");
            }
        } catch (UserError wrong) {
            // A usage error is the caller's. Otherwise the store does not answer, and callers must not learn its
            // location.
            if (wrong.exitCode() == UserError.USAGE) throw new ConnectError(Code.INVALID_ARGUMENT, wrong.line());
            throw new ConnectError(Code.UNAVAILABLE, "the usage store does not answer");
        }
    }

    private static boolean only(RoutingResponse response, Method asked, Method... allowed) {
        for (var method : allowed) if (asked.equals(method)) return true;
        response.status(Status.METHOD_NOT_ALLOWED_405)
                .header(
                        HeaderNames.ALLOW,
                        String.join(
                                ", ",
                                java.util.Arrays.stream(allowed)
                                        .map(Method::text)
                                        .toList()))
                .send();
        return false;
    }

    private ObjectNode report(Caller caller, Map<String, String> words) {
        if (!isAdmin(caller)) {
            if (!words.getOrDefault("user", caller.name()).equals(caller.name())) throw notTheirs(caller);
            words.put("user", caller.name());
        }
        return ReportJson.of(accounting
                .reports()
                .answer(QueryParameters.question(words, accounting.clock().instant())));
    }

    private ObjectNode budgets(Caller caller, Method method, RoutingRequest request) {
        if (!method.equals(Method.GET) && !isAdmin(caller)) throw notTheirs(caller);
        if (method.equals(Method.PUT)) {
            var message = message(request);
            var budget = BudgetJson.read(message);
            var name = message.path("name").asText("");
            if (!name.isEmpty() && !name.matches(NAME))
                throw new ConnectError(
                        Code.INVALID_ARGUMENT, "name must have 1 to 63 letters, digits, dots, dashes and underscores");
            accounting.stored().set(budget);
            if (!name.isEmpty()) accounting.stored().name(budget.target(), budget.period(), name);
        } else if (method.equals(Method.DELETE)) {
            var words = words(request);
            var period = Period.of(words.getOrDefault("period", ""))
                    .orElseThrow(
                            () -> new ConnectError(Code.INVALID_ARGUMENT, "period must be daily, weekly or monthly"));
            if (!accounting.stored().delete(BudgetTarget.of(words.getOrDefault("target", "")), period))
                throw new ConnectError(Code.NOT_FOUND, "there is no such budget");
        }
        var json = JsonNodeFactory.instance.objectNode();
        var list = json.putArray("budgets");
        var names = accounting.stored().names();
        for (var budget : accounting.stored().list()) {
            if (!isAdmin(caller) && !concerns(budget, caller)) continue;
            var shown = shown(budget, caller);
            Optional.ofNullable(names.get(new BudgetNames.Key(budget.target(), budget.period())))
                    .ifPresent(name -> shown.put("name", name));
            list.add(shown);
        }
        return json;
    }

    private ObjectNode shown(Budget budget, Caller caller) {
        var json = BudgetJson.of(budget);
        // A user must not see what all users of an agent spent together.
        var theirs = budget.target() instanceof BudgetTarget.User || budget.target() instanceof BudgetTarget.EachUser;
        if (isAdmin(caller) && BudgetJson.hasOneAccount(budget) || !isAdmin(caller) && theirs)
            json.setAll(BudgetJson.of(budget, accounting.budgets().spent(budget, caller.name())));
        else if (isAdmin(caller)) BudgetJson.counts(json, accounting.budgets().spentByAll(budget.period()));
        return json.put(
                "resets", budget.period().end(accounting.clock().instant()).toString());
    }

    private static boolean concerns(Budget budget, Caller caller) {
        return !(budget.target() instanceof BudgetTarget.User(var name)) || name.equals(caller.name());
    }

    private static boolean isAdmin(Caller caller) {
        return caller.role() == Caller.Role.ADMIN;
    }

    private static ConnectError notTheirs(Caller caller) {
        return new ConnectError(
                Code.PERMISSION_DENIED, caller.name() + " is not an admin and sees only their own calls");
    }

    private static Map<String, String> words(RoutingRequest request) {
        var words = new HashMap<String, String>();
        for (var name : request.query().names())
            words.put(name, request.query().all(name).getFirst());
        return words;
    }

    private static com.fasterxml.jackson.databind.JsonNode message(RoutingRequest request) {
        try {
            return Json.read(RequestBody.of(request).bytes());
        } catch (IOException e) {
            throw new ConnectError(Code.INVALID_ARGUMENT, "the request is not JSON");
        }
    }
}
