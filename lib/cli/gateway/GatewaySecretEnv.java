package lib.cli.gateway;

import java.util.List;
import java.util.Set;
import lib.gateway.secret.SecretVariables;
import picocli.CommandLine.Option;

/// The flag for the environment variables that `rpkai gateway` may send to upstreams.
final class GatewaySecretEnv {
    @Option(
            names = "--secret-env",
            paramLabel = "NAME",
            split = ",",
            description = "A variable of the gateway's environment that apiKeyRef and similar fields may "
                    + "name, in addition to the usual provider keys such as ANTHROPIC_API_KEY; may be "
                    + "repeated. Stored secrets do not need it.")
    List<String> names = List.of();

    SecretVariables variables() {
        return new SecretVariables(Set.copyOf(names));
    }
}
