package lib.cli.usage;

import com.fasterxml.jackson.core.JsonProcessingException;
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
import lib.auth.AccessToken;
import lib.auth.SignedOut;
import lib.auth.Tokens;
import lib.base.Json;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.cli.gateway.UsageStoreOption;
import lib.config.Settings;
import lib.http.Http;
import lib.http.Http.Retry;
import lib.usage.budget.Budget;
import lib.usage.budget.BudgetJson;
import lib.usage.budget.BudgetNames;
import lib.usage.budget.BudgetTarget;
import lib.usage.budget.Period;
import lib.usage.report.QueryParameters;
import lib.usage.report.ReportJson;
import lib.usage.store.StoredBudgets;
import lib.usage.store.UsageDatabase;
import lib.usage.store.UsageReports;

/// Who knows of usage and budgets: the store that is named, or the gateway that is configured, else the store of
/// this machine.
///
///     UsageSource.of(context, settings, store).report(Map.of("by", "model", "last", "7d"))
sealed interface UsageSource {
    /// What was used, as [ReportJson] has it.
    ///
    /// @param words see [QueryParameters]
    JsonNode report(Map<String, String> words);

    /// The budgets, as [BudgetJson] has them.
    JsonNode budgets();

    default void set(Budget budget) {
        set(budget, Optional.empty());
    }

    /// @param name what it is called from now on; empty to leave that as it is
    void set(Budget budget, Optional<String> name);

    /// @return whether there was one
    boolean delete(BudgetTarget target, Period period);

    static UsageSource of(Context context, Settings settings, UsageStoreOption store) {
        if (store.isGiven(context.host()) || settings.wantsEmbeddedGateway())
            return new Store(store.database(context.host()), context.host().clock());
        return new Gateway(settings.managementApi(), context.tokens(settings), context.http());
    }

    /// A store that this process reads itself, also while a gateway writes to it.
    record Store(UsageDatabase database, InstantSource clock) implements UsageSource {
        @Override
        public JsonNode report(Map<String, String> words) {
            var question = QueryParameters.question(words, clock.instant());
            try (var reports = UsageReports.of(readOnly())) {
                return ReportJson.of(reports.answer(question));
            }
        }

        private UsageDatabase readOnly() {
            if (!(database instanceof UsageDatabase.Sqlite(var file, var _))) return database;
            if (!Files.exists(file))
                throw new UserError(
                        "no usage is recorded on this machine (no %s)".formatted(file),
                        "start rpkai gateway, or name another store with --usage-store");
            return new UsageDatabase.Sqlite(file, true);
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

    /// A gateway that is asked for it.
    record Gateway(URI url, Tokens tokens, Http http) implements UsageSource {
        private static final String NAME = "the AI Gateway";

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
            call("PUT", "budgets", Json.text(json)).orElseThrow(this::noUsage);
        }

        @Override
        public boolean delete(BudgetTarget target, Period period) {
            return call("DELETE", "budgets?target=%s&period=%s".formatted(encoded(target.wire()), period.wire()), "")
                    .isPresent();
        }

        private UserError noUsage() {
            return new UserError(
                    "the AI Gateway at %s does not offer usage".formatted(url),
                    "see its Cost & Usage page, or name a store with --usage-store");
        }

        /// @return the answer; empty where there is no such thing
        private Optional<JsonNode> call(String method, String path, String body) {
            var token = tokens.atLeast(Tokens.DEFAULT_WINDOW);
            var answer = send(method, path, body, token);
            if (answer.status() == 401 && token.isPresent()) {
                token = tokens.replacing(token.get());
                answer = send(method, path, body, token);
            }
            var json = json(answer);
            var said = json.path("message").asText("");
            var text = token.map(shown -> shown.hiddenIn(said)).orElse(said);
            return switch (answer.status()) {
                case 200 -> {
                    if (!json.isObject())
                        throw new UserError(
                                "%s does not answer as an AI Gateway".formatted(url), "check the URL (rpkai env show)");
                    yield Optional.of(json);
                }
                case 400 ->
                    throw UserError.usage(
                            text.isEmpty() ? "the AI Gateway does not understand the question" : text,
                            "run rpkai usage --help");
                case 401 -> throw new SignedOut("refused by the AI Gateway at " + url);
                case 403 ->
                    throw new UserError(
                            "the AI Gateway at %s does not allow this%s"
                                    .formatted(url, text.isEmpty() ? "" : " (" + text + ")"),
                            "ask its administrator");
                case 404, 405, 501 -> Optional.empty();
                default ->
                    throw new UserError(
                            "the AI Gateway at %s is not available (HTTP %d)".formatted(url, answer.status()),
                            "try again");
            };
        }

        private Http.Answer send(String method, String path, String body, Optional<AccessToken> token) {
            var request = HttpRequest.newBuilder(URI.create(url + "/usage/v1/" + path))
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
            if (!body.isEmpty()) request.header("Content-Type", "application/json");
            token.ifPresent(good ->
                    request.header("Authorization", "Bearer " + good.value().reveal()));
            return http.send(request.build(), Retry.SAFE, NAME);
        }

        private static JsonNode json(Http.Answer answer) {
            try {
                return Json.read(answer.body());
            } catch (JsonProcessingException e) {
                return JsonNodeFactory.instance.missingNode();
            }
        }

        private static String encoded(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8);
        }
    }
}
