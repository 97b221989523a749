package lib.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import lib.auth.AccessToken;
import lib.auth.RefreshWindow;
import lib.auth.SignedOut;
import lib.auth.Tokens;
import lib.base.Json;
import lib.base.Remedy;
import lib.base.UserError;
import lib.config.Settings;
import lib.http.Http;
import lib.http.Http.Retry;

/// Lists the environments of an organisation: the clusters that the control plane knows, with their AI Gateways.
///
///     new Environments(settings.cloud().apiUrl(), tokens, http).list()
public final class Environments {
    private static final String NAME = "the control plane";

    private static final int MOST_PAGES = 1000;

    private final String apiUrl;
    private final Tokens tokens;
    private final Http http;

    public Environments(String apiUrl, Tokens tokens, Http http) {
        this.apiUrl = Settings.webUrl(apiUrl, "cloud.api_url").toString();
        this.tokens = tokens;
        this.http = http;
    }

    /// An environment.
    ///
    /// @param gatewayUrl the URL of its AI Gateway; empty while the environment is not ready
    public record Environment(String id, String name, Optional<String> gatewayUrl) {
        /// Returns whether the environment has an AI Gateway.
        public boolean isReady() {
            return gatewayUrl.isPresent();
        }
    }

    /// Reads all environments, page by page.
    public List<Environment> list() {
        var all = new ArrayList<Environment>();
        var pages = new HashSet<String>();
        var page = "";
        do {
            var query = "?page_size=100"
                    + (page.isEmpty() ? "" : "&page_token=" + URLEncoder.encode(page, StandardCharsets.UTF_8));
            var json = read(get(URI.create(apiUrl + "/v1/clusters" + query)));
            json.path("clusters")
                    .forEach(cluster -> all.add(new Environment(
                            cluster.path("id").asText(),
                            cluster.path("name").asText(),
                            Optional.of(cluster.path("ai_gateway")
                                            .path("v2_url")
                                            .asText(""))
                                    .filter(url -> !url.isBlank()))));
            page = json.path("next_page_token").asText("");
            // A faulty control plane that always returns another page must not cause an endless loop.
        } while (!page.isEmpty() && pages.add(page) && pages.size() < MOST_PAGES);
        return all;
    }

    private Http.Answer get(URI uri) {
        var token = tokens.atLeast(RefreshWindow.DEFAULT);
        var answer = get(uri, token);
        return answer.status() == 401 && token.isPresent() ? get(uri, tokens.replacing(token.get())) : answer;
    }

    private Http.Answer get(URI uri, Optional<AccessToken> token) {
        var request = HttpRequest.newBuilder(uri).header("Accept", "application/json");
        token.ifPresent(
                t -> request.header("Authorization", "Bearer " + t.value().reveal()));
        return http.send(request.build(), Retry.SAFE, NAME);
    }

    private JsonNode read(Http.Answer answer) {
        if (answer.status() == 401) throw new SignedOut("refused by the control plane at " + apiUrl);
        try {
            var json = Json.read(answer.body());
            if (answer.status() == 200 && json.isObject()) return json;
        } catch (JsonProcessingException e) {
            // Reported below.
        }
        throw new UserError(
                "%s at %s answered HTTP %d (%s)".formatted(NAME, apiUrl, answer.status(), answer.contentType()),
                answer.isPassing() ? Remedy.retry() : Remedy.advice("check cloud.api_url in the config file"));
    }
}
