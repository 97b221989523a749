package lib.providers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import lib.UserError;
import lib.auth.SignedOut;
import lib.auth.Tokens;
import lib.config.Cloud;
import lib.http.Http;
import lib.http.Http.Retry;

/// The organisation's environments: the clusters that the control plane lists, with their AI Gateways.
///
///     new Environments(settings.cloud().apiUrl(), tokens, http).list()
public final class Environments {
    private static final String NAME = "the control plane";

    private final String apiUrl;
    private final Tokens tokens;
    private final Http http;

    public Environments(String apiUrl, Tokens tokens, Http http) {
        this.apiUrl = Cloud.withoutSlash(apiUrl);
        this.tokens = tokens;
        this.http = http;
    }

    /// One environment.
    ///
    /// @param gatewayUrl empty while it has no AI Gateway: it is not ready
    public record Environment(String id, String name, Optional<String> gatewayUrl) {
        /// Whether a launch can go through it.
        public boolean isReady() {
            return gatewayUrl.isPresent();
        }
    }

    /// Every environment, page by page.
    public List<Environment> list() {
        var all = new ArrayList<Environment>();
        var pages = new HashSet<String>();
        var page = "";
        do {
            var query = "?page_size=100" + (page.isEmpty() ? "" : "&page_token=" + URLEncoder.encode(page, StandardCharsets.UTF_8));
            var request = HttpRequest.newBuilder(URI.create(apiUrl + "/v1/clusters" + query)).header("Accept", "application/json");
            tokens.atLeast(Tokens.DEFAULT_WINDOW).ifPresent(token -> request.header("Authorization", "Bearer " + token.value().reveal()));
            var json = read(http.send(request.build(), Retry.SAFE, NAME));
            json.path("clusters").forEach(cluster -> all.add(new Environment(
                    cluster.path("id").asText(), cluster.path("name").asText(),
                    Optional.of(cluster.path("ai_gateway").path("v2_url").asText("")).filter(url -> !url.isBlank()))));
            page = json.path("next_page_token").asText("");
        } while (!page.isEmpty() && pages.add(page));
        return all;
    }

    private JsonNode read(Http.Answer answer) {
        if (answer.status() == 401) throw new SignedOut("refused by the control plane at " + apiUrl);
        try {
            var json = new ObjectMapper().readTree(answer.body());
            if (answer.status() == 200 && json.isObject()) return json;
        } catch (JsonProcessingException e) {
            // Said below.
        }
        throw new UserError(
                "%s at %s answered HTTP %d (%s)".formatted(NAME, apiUrl, answer.status(), answer.contentType()),
                answer.isPassing() ? "try again" : "check cloud.api_url in the config file");
    }
}
