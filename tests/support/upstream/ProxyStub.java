package tests.support.upstream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tests.support.gateway.FakeManagementApi;

/// The gate of the LLM proxy: who may call which provider with which model, and the calls that came.
public final class ProxyStub {

    private static final Pattern TARGET = Pattern.compile("/llm/v1/providers/([^/?]+)/?(.*)");
    private static final Pattern BEDROCK = Pattern.compile("model/([^/?]+)/.*");
    private static final String CLOUD_TOKEN = "X-Redpanda-Cloud-Token";

    private final FakeManagementApi management;
    public final Answers answers = new Answers();

    public ProxyStub(FakeManagementApi management) {
        this.management = management;
    }

    public static Optional<ProxyCall> parse(Recorded call) {
        var target = TARGET.matcher(call.target());
        return target.matches() ? Optional.of(new ProxyCall(target.group(1), target.group(2), call)) : Optional.empty();
    }

    public Reply answer(ProxyCall call, Predicate<String> tokens) {
        var found = management.provider(call.provider());
        var passthrough = found.stream()
                .flatMap(provider -> provider.valueStream())
                .anyMatch(config -> config.path("authorizationPassthrough").asBoolean());
        if (passthrough && call.request().header(CLOUD_TOKEN).isEmpty()) {
            return Replies.error(
                    400,
                    "invalid_request_error",
                    "authorization passthrough requires gateway authentication in X-Redpanda-Cloud-Token");
        }
        if (credentials(call.request(), passthrough).stream().noneMatch(tokens)) {
            return Replies.error(401, "authentication_error", "missing or invalid gateway token");
        }
        if (found.isEmpty()) {
            return Replies.error(404, "not_found_error", "provider \"" + call.provider() + "\" not found");
        }
        var provider = found.get();
        if (!provider.path("enabled").asBoolean()) {
            return Replies.error(403, "permission_error", "provider \"" + call.provider() + "\" is disabled");
        }
        var model = model(call);
        if (model.isPresent() && !allows(provider, model.get())) {
            return Replies.error(403, "model_not_allowed", "model \"" + model.get() + "\" is not allowed");
        }
        return answers.answer(call.request().withTarget("/" + call.path()));
    }

    private static List<String> credentials(Recorded call, boolean passthrough) {
        var cloud = call.headers(CLOUD_TOKEN).stream();
        var all = passthrough
                ? cloud
                : Stream.of(
                                cloud,
                                call.bearer().stream(),
                                call.headers("x-api-key").stream(),
                                call.headers("x-goog-api-key").stream())
                        .flatMap(same -> same);
        var presented = all.toList();
        return presented.isEmpty() ? List.of("") : presented;
    }

    private static Optional<String> model(ProxyCall call) {
        var inPath = BEDROCK.matcher(call.path());
        return inPath.matches()
                ? Optional.of(URLDecoder.decode(inPath.group(1), StandardCharsets.UTF_8))
                : Optional.of(call.request().json().path("model").asText()).filter(model -> !model.isEmpty());
    }

    private static boolean allows(ObjectNode provider, String model) {
        var older = StreamSupport.stream(provider.path("models").spliterator(), false);
        var newer = StreamSupport.stream(provider.path("providerModels").spliterator(), false)
                .map(each -> each.path("name"));
        var allowed = Stream.concat(older, newer).map(name -> name.asText()).toList();
        return allowed.isEmpty() || allowed.contains(model);
    }
}
