package lib.cli.usage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import lib.api.GatewayHttp;
import lib.base.Json;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.cli.gateway.UsageStoreOption;
import lib.config.Settings;
import lib.database.Database;
import lib.database.SqliteDatabase;
import lib.http.Http.Retry;
import lib.usage.budget.Budget;
import lib.usage.budget.BudgetJson;
import lib.usage.budget.BudgetNames;
import lib.usage.budget.BudgetTarget;
import lib.usage.budget.Period;
import lib.usage.report.QueryParameters;
import lib.usage.report.ReportJson;
import lib.usage.store.StoredBudgets;
import lib.usage.store.UsageReports;

/// A source of usage and budgets: the store that the flags name, else the configured gateway, else the store of
/// this machine.
///
///     UsageSource.of(context, settings, store).report(Map.of("by", "model", "last", "7d"))
sealed interface UsageSource {
    /// The usage report, in the format of [ReportJson].
    ///
    /// @param words see [QueryParameters]
    JsonNode report(Map<String, String> words);

    /// The budgets, in the format of [BudgetJson].
    JsonNode budgets();

    default void set(Budget budget) {
        set(budget, Optional.empty());
    }

    /// @param name the budget's new name; empty to leave the name unchanged
    void set(Budget budget, Optional<String> name);

    /// @return whether the budget existed
    boolean delete(BudgetTarget target, Period period);

    static UsageSource of(Context context, Settings settings, UsageStoreOption store) {
        if (store.isGiven(context.host()) || settings.wantsEmbeddedGateway())
            return new Store(store.database(context.host()), context.host().clock());
        return new Gateway(new GatewayHttp(settings.managementApi(), context.tokens(settings), context.http()));
    }

    /// A store that this process reads itself, even while a gateway writes to it.
    record Store(Database database, InstantSource clock) implements UsageSource {
        @Override
        public JsonNode report(Map<String, String> words) {
            var question = QueryParameters.question(words, clock.instant());
            try (var reports = UsageReports.of(readOnly())) {
                return ReportJson.of(reports.answer(question));
            }
        }

        private Database readOnly() {
            if (!(database instanceof SqliteDatabase sqlite)) return database;
            if (!Files.exists(sqlite.file()))
                throw new UserError(
                        "no usage is recorded on this machine (no %s)".formatted(sqlite.file()),
                        "start rpkai gateway, or choose another store with --usage-store");
            return sqlite.readOnly();
        }

        @Override
        public JsonNode budgets() {
            var json = JsonNodeFactory.instance.arrayNode();
            var now = clock.instant();
            var stored = new StoredBudgets(database);
            var names = stored.names();
            stored.standing(now).forEach((budget, spent) -> {
                var shown = BudgetJson.hasOneAccount(budget)
                        ? BudgetJson.of(budget, spent)
                        : BudgetJson.counts(BudgetJson.of(budget), spent);
                shown.put("resets", budget.period().end(now).toString());
                Optional.ofNullable(names.get(new BudgetNames.Key(budget.target(), budget.period())))
                        .ifPresent(name -> shown.put("name", name));
                json.add(shown);
            });
            return json;
        }

        @Override
        public void set(Budget budget, Optional<String> name) {
            var stored = new StoredBudgets(database);
            stored.set(budget);
            name.ifPresent(called -> stored.name(budget.target(), budget.period(), called));
        }

        @Override
        public boolean delete(BudgetTarget target, Period period) {
            return new StoredBudgets(database).delete(target, period);
        }
    }

    /// A gateway that answers the queries.
    record Gateway(GatewayHttp http) implements UsageSource {
        @Override
        public JsonNode report(Map<String, String> words) {
            var query = new TreeMap<>(words)
                    .entrySet().stream()
                            .map(word -> word.getKey() + "=" + encoded(word.getValue()))
                            .collect(Collectors.joining("&"));
            return call("GET", "report?" + query, "").orElseThrow(this::noUsage);
        }

        @Override
        public JsonNode budgets() {
            return call("GET", "budgets", "").orElseThrow(this::noUsage).path("budgets");
        }

        @Override
        public void set(Budget budget, Optional<String> name) {
            var json = BudgetJson.of(budget);
            name.ifPresent(called -> json.put("name", called));
            var _ = call("PUT", "budgets", Json.text(json)).orElseThrow(this::noUsage);
        }

        @Override
        public boolean delete(BudgetTarget target, Period period) {
            return call("DELETE", "budgets?target=%s&period=%s".formatted(encoded(target.wire()), period.wire()), "")
                    .isPresent();
        }

        private UserError noUsage() {
            return new UserError(
                    "the AI Gateway at %s does not offer usage".formatted(http.gateway()),
                    "open its Cost & Usage page, or choose a store with --usage-store");
        }

        /// @return the answer; empty for status 404, 405 and 501
        private Optional<JsonNode> call(String method, String path, String body) {
            var request = HttpRequest.newBuilder(URI.create(http.gateway() + "/usage/v1/" + path))
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
            if (!body.isEmpty()) request.header("Content-Type", "application/json");
            var reply = http.send(request, Retry.SAFE);
            var said = reply.message();
            return switch (reply.status()) {
                case 200 -> {
                    if (!reply.json().isObject()) throw http.notAGateway(reply);
                    yield Optional.of(reply.json());
                }
                case 400 ->
                    throw UserError.usage(
                            said.isEmpty() ? "the AI Gateway rejected the query" : said, "run rpkai usage --help");
                case 401 -> throw http.signedOut();
                case 403 -> throw http.notAllowed(said, "ask its administrator");
                case 404, 405, 501 -> Optional.empty();
                default -> throw http.unavailable("HTTP " + reply.status());
            };
        }

        private static String encoded(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8);
        }
    }
}
