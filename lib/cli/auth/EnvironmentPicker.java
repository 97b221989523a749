package lib.cli.auth;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.api.Environments;
import lib.api.Environments.Environment;
import lib.auth.Credentials;
import lib.auth.Tokens;
import lib.base.Host;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.cli.base.Output;
import lib.config.ConfigFile;
import lib.config.Profile;
import lib.config.Profile.SignIn;
import lib.config.Settings;

/// The second half of a sign-in: selects the environment. A single environment is taken, otherwise the user is
/// asked.
public final class EnvironmentPicker {
    private final Context context;
    private final Settings settings;
    private final Host host;

    public EnvironmentPicker(Context context, Settings settings) {
        this.context = context;
        this.settings = settings;
        this.host = context.host();
    }

    void pick(Credentials credentials) {
        var file = ConfigFile.read(settings.configFile());
        // A user who signs in again to the same organisation wants a new token, not another environment.
        var kept = file.current()
                .filter(name -> Optional.ofNullable(file.profiles().get(name))
                        .flatMap(Profile::organization)
                        .filter(credentials.organization()::equals)
                        .isPresent());
        if (kept.isPresent()) {
            host.err().println("Environment: %s (unchanged).".formatted(kept.get()));
            return;
        }
        var environments = live(credentials);
        var ready = environments.stream().filter(Environment::isReady).toList();
        if (ready.isEmpty()) {
            var none = environments.isEmpty()
                    ? "The organisation has no environment yet."
                    : "No environment is ready (no AI Gateway URL).";
            host.err()
                    .println(none + " Run rpkai auth login again once an environment is ready, or add a gateway "
                            + "with rpkai env add NAME --ai-gateway-url URL.");
        } else if (ready.size() == 1) {
            use(ready.getFirst(), credentials);
        } else {
            var names = Output.printable(
                    String.join(", ", ready.stream().map(Environment::name).toList()));
            ask(ready)
                    .ifPresentOrElse(
                            chosen -> use(chosen, credentials),
                            () -> host.err()
                                    .println(
                                            "Several environments are ready (%s): run rpkai env use NAME to select one."
                                                    .formatted(names)));
        }
    }

    /// The organisation's environments, read with the new credentials.
    private List<Environment> live(Credentials credentials) {
        try {
            var http = context.http();
            return new Environments(
                            settings.cloud().apiUrl(),
                            Tokens.signedInTo(credentials.organization(), settings, host, http),
                            http)
                    .list();
        } catch (UserError e) {
            // The sign-in itself succeeded; only the list is missing.
            throw new UserError(
                    "signed in to %s, but its environments cannot be listed: %s"
                            .formatted(credentials.organization(), e.getMessage()),
                    "run rpkai auth login again, or rpkai env add NAME --ai-gateway-url URL");
        }
    }

    /// Makes an environment of the organisation the current one.
    public void use(Environment environment, Credentials credentials) {
        var name = environment.name().isBlank() ? environment.id() : environment.name();
        ConfigFile.update(settings.configFile(), file -> {
            // A manual profile with the same name belongs to the user, so the environment gets its id as its
            // name.
            var taken = Optional.ofNullable(file.profiles().get(name))
                    .filter(p -> !p.environmentId().equals(Optional.of(environment.id())))
                    .isPresent();
            var key = taken ? environment.id() : name;
            return file.with(
                            key,
                            Profile.live(
                                    credentials.organization(),
                                    environment.id(),
                                    environment.name(),
                                    environment.gatewayUrl()))
                    .use(key);
        });
        var chosen = ConfigFile.read(settings.configFile()).current().orElse(name);
        host.err()
                .println("Environment: %s (%s)."
                        .formatted(
                                Output.printable(chosen),
                                environment.gatewayUrl().map(Output::printable).orElse("not ready")));
    }

    /// Makes a gateway with its own place to sign in the current environment. It keeps an existing name, else
    /// gets the name of its host.
    void use(URI gateway, SignIn place, Credentials credentials) {
        ConfigFile.update(settings.configFile(), file -> {
            var same = file.profiles().entrySet().stream()
                    .filter(each -> each.getValue()
                            .gatewayUrl()
                            .filter(gateway.toString()::equals)
                            .isPresent())
                    .map(Map.Entry::getKey)
                    .findFirst();
            var name = same.orElseGet(() -> file.profiles().containsKey(gateway.getHost())
                    ? gateway.getAuthority().replace(':', '-')
                    : gateway.getHost());
            return file.with(name, Profile.signedIn(credentials.organization(), gateway.toString(), place))
                    .use(name);
        });
        host.err()
                .println("Environment: %s (%s)."
                        .formatted(
                                ConfigFile.read(settings.configFile()).current().orElse(""), gateway));
    }

    private Optional<Environment> ask(List<Environment> ready) {
        if (!host.interactive()) return Optional.empty();
        host.err().println("Environments:");
        for (int i = 0; i < ready.size(); i++)
            host.err()
                    .println("  %d) %s  %s"
                            .formatted(
                                    i + 1,
                                    Output.printable(ready.get(i).name()),
                                    Output.printable(ready.get(i).id())));
        var lines = new BufferedReader(new InputStreamReader(host.in(), StandardCharsets.UTF_8));
        try {
            while (true) {
                host.err().print("Which one? [1-%d] ".formatted(ready.size()));
                host.err().flush();
                var line = lines.readLine();
                if (line == null) return Optional.empty();
                var answer = line.strip();
                var chosen = answer.matches("[1-9]\\d{0,3}") && Integer.parseInt(answer) <= ready.size()
                        ? Optional.of(ready.get(Integer.parseInt(answer) - 1))
                        : ready.stream()
                                .filter(e -> e.name().equals(answer) || e.id().equals(answer))
                                .findFirst();
                if (chosen.isPresent()) return chosen;
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
