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
import lib.api.type.ProviderSpec;
import lib.base.Secret;
import lib.base.UserError;
import lib.gateway.upstream.AwsCredentials;
import lib.gateway.upstream.Upstream;
import lib.gateway.upstream.UpstreamAuth;

/// Finds the providers that a machine already has, in its environment variables.
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

    /// Returns the providers of this environment. A real request checks whether Ollama answers.
    public static List<HostedProvider> from(Map<String, String> environment) {
        return from(environment, LivenessProbe::answers);
    }

    /// Returns the demo model once for each provider type, and a provider for each key in the environment:
    /// `anthropic` (`ANTHROPIC_API_KEY`), `openai` (`OPENAI_API_KEY`), `google` (`GEMINI_API_KEY`,
    /// `GOOGLE_API_KEY`), each at its `…_BASE_URL` if that is set, and `bedrock` (AWS credentials and
    /// `AWS_REGION`). It also returns `ollama`, which is available while Ollama answers. Empty variables count as
    /// unset.
    ///
    /// @param answers the test whether a server answers at a URL, made only when the provider there is shown
    /// @throws UserError if a variable has an unusable value
    public static List<HostedProvider> from(Map<String, String> environment, Predicate<URI> answers) {
        var machine = new MachineProviders(environment);
        machine.demos();
        for (var type : ProviderType.KNOWN) {
            var spec = type.spec().orElseThrow();
            if (spec.names().machine().isEmpty()) continue;
            if (spec.upstream().isSigned()) machine.signed(type, spec);
            else machine.keyed(type, spec);
        }
        machine.found.add(new HostedProvider(
                Provider.of("ollama", ProviderType.OPENAI_COMPATIBLE).withDisplayName("Ollama on this machine"),
                Upstream.open(OLLAMA),
                () -> answers.test(OLLAMA.resolve("/api/version"))));
        return List.copyOf(machine.found);
    }

    private void keyed(ProviderType type, ProviderSpec spec) {
        var variables = spec.client().variables();
        for (var variable : variables.keys()) {
            var key = value(variable);
            if (key.isEmpty()) continue;
            var url = url(variables.urls().getFirst(), spec.upstream().url());
            var remote = Upstream.keyed(type, url, new Secret(key.get()));
            add(type, spec, "", renewed(variable, remote));
            return;
        }
    }

    private static Upstream renewed(String variable, Upstream upstream) {
        return Upstream.withRemedy(upstream, "renew %s and start the gateway again".formatted(variable));
    }

    /// Adds a demo provider for each type: a provider has one type, from which an agent knows whether it can use
    /// the provider.
    private void demos() {
        var title = "Demo model, no network";
        for (var type : ProviderType.KNOWN) {
            var spec = type.spec().orElseThrow();
            if (spec.names().demo().isEmpty()) continue;
            var region = spec.upstream().isSigned() ? "us-east-1" : "";
            var provider = Provider.of(spec.names().demo(), type)
                    .withDisplayName(title + spec.names().demoNote())
                    .withRegion(region);
            found.add(new HostedProvider(provider, new Upstream.Demo()));
        }
    }

    /// Adds Bedrock if the environment names AWS credentials in any way that AWS's own tools accept. A
    /// credentials file alone is not enough: many machines have one for other purposes.
    private void signed(ProviderType type, ProviderSpec spec) {
        var variables = spec.client().variables();
        var region = value(variables.region()).or(() -> value("AWS_DEFAULT_REGION"));
        if (region.isEmpty()) return;
        var bearer = variables.keys().getFirst();
        var access = value(bearer)
                .<UpstreamAuth>map(key -> new UpstreamAuth.Key("Authorization", "Bearer ", new Secret(key)))
                .or(() -> awsCredentials().map(credentials -> new UpstreamAuth.Aws(region.get(), credentials)));
        if (access.isEmpty()) return;
        var url = url(variables.urls().getFirst(), spec.upstream().url(region.get()));
        add(
                type,
                spec,
                region.get(),
                renewed(
                        access.get() instanceof UpstreamAuth.Key ? bearer : "your AWS credentials",
                        new Upstream.Remote(url, access.get())));
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

    private void add(ProviderType type, ProviderSpec spec, String region, Upstream upstream) {
        var names = spec.names();
        found.add(new HostedProvider(
                Provider.of(names.machine(), type)
                        .withDisplayName(names.title())
                        .withRegion(region),
                upstream));
    }

    private Optional<String> value(String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private URI url(String variable, String standard) {
        try {
            var url = new URI(value(variable).orElse(standard));
            if (url.getScheme() != null && url.getHost() != null) return url;
        } catch (URISyntaxException e) {
            // Falls through: the exception would quote the text, which may contain a password.
        }
        throw new UserError(variable + " is not a URL", "set it to, for example, " + standard + ", or unset it");
    }
}
