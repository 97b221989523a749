package lib.gateway.catalog;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.Secret;
import lib.base.UserError;
import lib.gateway.upstream.AwsCredentials;
import lib.gateway.upstream.Upstream;
import lib.gateway.upstream.UpstreamAuth;

/// The providers that a machine already has, read from its environment.
///
///     MachineProviders.from(System.getenv())   // demo, …; anthropic where ANTHROPIC_API_KEY is set
public final class MachineProviders {
    private static final URI OLLAMA = URI.create("http://127.0.0.1:11434");

    private static final List<String> CHAINED =
            List.of("AWS_PROFILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI");

    private final Map<String, String> environment;
    private final List<HostedProvider> found = new ArrayList<>();

    private MachineProviders(Map<String, String> environment) {
        this.environment = environment;
    }

    /// The same with the real look at whether something answers on this machine.
    public static List<HostedProvider> from(Map<String, String> environment) {
        return from(environment, LivenessProbe::answers);
    }

    /// The demo model always, once for each wire. Beside it, where there are keys: `anthropic`
    /// (`ANTHROPIC_API_KEY`), `openai` (`OPENAI_API_KEY`), `google` (`GEMINI_API_KEY`, `GOOGLE_API_KEY`), each at
    /// its `…_BASE_URL` where that is set; `bedrock` (AWS credentials and `AWS_REGION`). And `ollama`, where one
    /// answers. A variable that is set to nothing counts as not set.
    ///
    /// @param answers whether something answers at a URL; asked only when somebody wants to know of the provider
    ///     there
    /// @throws UserError where a variable is set to something that cannot be used
    public static List<HostedProvider> from(Map<String, String> environment, Predicate<URI> answers) {
        var machine = new MachineProviders(environment);
        machine.demos();
        machine.keys();
        machine.bedrock();
        machine.found.add(new HostedProvider(
                provider("ollama", "Ollama on this machine", ProviderType.OPENAI_COMPATIBLE),
                Upstream.open(OLLAMA),
                () -> answers.test(OLLAMA.resolve("/api/version"))));
        return List.copyOf(machine.found);
    }

    private void keys() {
        value("ANTHROPIC_API_KEY")
                .ifPresent(key -> add(
                        "anthropic",
                        "Anthropic",
                        ProviderType.ANTHROPIC,
                        renewed(
                                "ANTHROPIC_API_KEY",
                                Upstream.anthropic(
                                        url("ANTHROPIC_BASE_URL", "https://api.anthropic.com"), new Secret(key)))));
        value("OPENAI_API_KEY")
                .ifPresent(key -> add(
                        "openai",
                        "OpenAI",
                        ProviderType.OPENAI,
                        renewed(
                                "OPENAI_API_KEY",
                                Upstream.openAi(
                                        url("OPENAI_BASE_URL", "https://api.openai.com/v1"), new Secret(key)))));
        value("GEMINI_API_KEY")
                .or(() -> value("GOOGLE_API_KEY"))
                .ifPresent(key -> add(
                        "google",
                        "Google",
                        ProviderType.GOOGLE,
                        renewed(
                                value("GEMINI_API_KEY").isPresent() ? "GEMINI_API_KEY" : "GOOGLE_API_KEY",
                                Upstream.google(
                                        url("GOOGLE_GEMINI_BASE_URL", "https://generativelanguage.googleapis.com"),
                                        new Secret(key)))));
    }

    private static Upstream renewed(String variable, Upstream upstream) {
        return Upstream.withRemedy(upstream, "renew %s and start the gateway again".formatted(variable));
    }

    /// One name for each wire: a provider has one type, by which an agent knows whether it can speak to it.
    private void demos() {
        var title = "Demo model, no network";
        add("demo", title, ProviderType.ANTHROPIC, new Upstream.Demo());
        add("demo-openai", title + ", for Codex", ProviderType.OPENAI, new Upstream.Demo());
        add("demo-google", title + ", as Google's", ProviderType.GOOGLE, new Upstream.Demo());
        found.add(new HostedProvider(
                new Provider(
                        "demo-bedrock",
                        title + ", as on Bedrock",
                        ProviderType.BEDROCK,
                        List.of(),
                        true,
                        "",
                        false,
                        "us-east-1"),
                new Upstream.Demo()));
    }

    /// From whatever AWS's own tools would take for credentials in the environment; a file alone is no reason,
    /// many machines have one for other purposes.
    private void bedrock() {
        var region = value("AWS_REGION").or(() -> value("AWS_DEFAULT_REGION"));
        if (region.isEmpty()) return;
        var access = value("AWS_BEARER_TOKEN_BEDROCK")
                .<UpstreamAuth>map(key -> new UpstreamAuth.Key("Authorization", "Bearer ", new Secret(key)))
                .or(() -> awsCredentials().map(credentials -> new UpstreamAuth.Aws(region.get(), credentials)));
        if (access.isEmpty()) return;
        var url = url("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", Upstream.bedrockUrl(region.get()));
        found.add(new HostedProvider(
                new Provider(
                        "bedrock", "Amazon Bedrock", ProviderType.BEDROCK, List.of(), true, "", false, region.get()),
                renewed(
                        access.get() instanceof UpstreamAuth.Key ? "AWS_BEARER_TOKEN_BEDROCK" : "your AWS credentials",
                        new Upstream.Remote(url, access.get()))));
    }

    private Optional<AwsCredentials> awsCredentials() {
        var id = value("AWS_ACCESS_KEY_ID");
        var secret = value("AWS_SECRET_ACCESS_KEY");
        if (id.isPresent() && secret.isPresent()) {
            return Optional.of(new AwsCredentials.Keys(
                    id.get(),
                    new Secret(secret.get()),
                    value("AWS_SESSION_TOKEN").map(Secret::new)));
        }
        return CHAINED.stream().anyMatch(name -> value(name).isPresent())
                ? Optional.of(new AwsCredentials.Chain())
                : Optional.empty();
    }

    private void add(String name, String displayName, ProviderType type, Upstream upstream) {
        found.add(new HostedProvider(provider(name, displayName, type), upstream));
    }

    private static Provider provider(String name, String displayName, ProviderType type) {
        return new Provider(name, displayName, type, List.of(), true, "", false);
    }

    private Optional<String> value(String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private URI url(String variable, String standard) {
        try {
            var url = new URI(value(variable).orElse(standard));
            if (url.getScheme() != null && url.getHost() != null) return url;
        } catch (URISyntaxException e) {
            // Falls through: the exception would quote the text, and with it a password in it.
        }
        throw new UserError(variable + " is not a URL", "set it to something like " + standard + ", or unset it");
    }
}
