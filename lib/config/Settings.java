package lib.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import lib.base.FileRights;
import lib.base.Host;
import lib.base.Remedy;
import lib.base.Secret;
import lib.base.UserError;

/// The settings in force, resolved once. Flags override variables, and variables override the config file.
///
///     var settings = Settings.resolve(flags, Host.system());
///     settings.gateway()   // https://aigw.cl-abc.clusters.rdpa.co
///
/// @param files the files that keep settings and sign-ins
/// @param target the gateway to use
/// @param authentication the way to authenticate
/// @param format the output format
/// @param switches the switches that a flag or a variable turned on
public record Settings(
        Files files, Target target, Authentication authentication, OutputFormat format, Set<Flags.Switch> switches) {

    /// The files in which settings and sign-ins are kept.
    ///
    /// @param config the config file in use
    /// @param credentials the credentials beside it, or the file that `RPAI_CREDENTIALS` names
    public record Files(Path config, Path credentials) {}

    /// The gateway to use.
    ///
    /// @param profileName the profile's name; empty if no profile is in use
    /// @param profile the profile itself
    /// @param endpoint the gateway of this invocation, `--endpoint`
    public record Target(Optional<String> profileName, Optional<Profile> profile, Optional<URI> endpoint) {}

    /// The way to authenticate.
    ///
    /// @param mode the source of the token
    /// @param token the static bearer, `--token` or `RPAI_TOKEN`
    /// @param serviceAccount CI's own credentials
    /// @param cloud the place to sign in
    public record Authentication(
            AuthMode mode, Optional<Secret> token, Optional<ServiceAccount> serviceAccount, Cloud cloud) {}

    /// CI's client id and secret, for the client_credentials grant (RFC 6749, section 4.4).
    ///
    /// @param id `RPAI_SERVICE_ACCOUNT_ID`
    /// @param secret `RPAI_SERVICE_ACCOUNT_SECRET`; never stored, never passed on to an agent
    public record ServiceAccount(String id, Secret secret) {}

    /// Resolves everything. Nothing is read again afterwards.
    ///
    /// @throws UserError for a malformed file, an unknown profile, format or auth mode, or an invalid URL
    public static Settings resolve(Flags flags, Host host) {
        var configFile = path(flags.config().or(() -> host.variable("RPAI_CONFIG")), host)
                .orElse(host.home().resolve(".rpai/config"));
        var credentials =
                path(host.variable("RPAI_CREDENTIALS"), host).orElse(configFile.resolveSibling("credentials"));
        var folder = configFile.getParent();
        // Only a folder named .rpai belongs to rpkai; the rights of any other folder are left alone.
        if (folder != null && folder.endsWith(".rpai")) FileRights.keepWriteProtected(folder, host);
        FileRights.keepWriteProtected(configFile, host);
        FileRights.keepSecret(credentials, host);
        var file = ConfigFile.read(configFile);
        var asked = flags.profile().or(() -> host.variable("RPAI_PROFILE"));
        // --embedded works even if a profile is configured, and even if that profile is broken.
        var name = flags.has(Flags.Switch.EMBEDDED) ? Optional.<String>empty() : asked.or(file::current);
        var profile =
                name.map(n -> Optional.ofNullable(file.profiles().get(n)).orElseThrow(() -> unknownProfile(n, file)));
        var place = asked.or(file::current)
                .flatMap(n -> Optional.ofNullable(file.profiles().get(n)))
                .filter(p -> p.signIn().isPresent());
        var token = flags.token()
                .or(() -> host.variable("RPAI_TOKEN").map(Secret::new))
                .map(Settings::stripped)
                .filter(t -> !t.reveal().isEmpty());
        var format = flags.format().or(() -> host.variable("RPAI_FORMAT")).orElse("table");
        var authentication = new Authentication(
                token.isPresent() ? AuthMode.TOKEN : authMode(profile),
                token,
                serviceAccount(host),
                Cloud.resolve(file.cloud(), place, host));
        var settings = new Settings(
                new Files(configFile, credentials),
                new Target(name, profile, flags.endpoint().map(url -> webUrl(url, "--endpoint"))),
                authentication,
                OutputFormat.of(format)
                        .orElseThrow(() -> UserError.usage(
                                "unknown format \"%s\"".formatted(format), "use one of " + OutputFormat.names())),
                switches(flags, host));
        if (host.trace().isOn()) SettingsTrace.log(settings, flags, file, host);
        return settings;
    }

    private static Set<Flags.Switch> switches(Flags flags, Host host) {
        var on = EnumSet.noneOf(Flags.Switch.class);
        on.addAll(flags.switches());
        if (host.variable("NO_COLOR").isPresent()) on.add(Flags.Switch.NO_COLOR);
        if (host.enabled("RPAI_VERBOSE")) on.add(Flags.Switch.VERBOSE);
        return Set.copyOf(on);
    }

    /// The config file in use.
    public Path configFile() {
        return files.config();
    }

    /// The credentials beside it, or the file that `RPAI_CREDENTIALS` names.
    public Path credentialsFile() {
        return files.credentials();
    }

    /// The profile's name; empty if no profile is in use.
    public Optional<String> profileName() {
        return target.profileName();
    }

    /// The profile in use.
    public Optional<Profile> profile() {
        return target.profile();
    }

    /// The gateway of this invocation, `--endpoint`.
    public Optional<URI> endpoint() {
        return target.endpoint();
    }

    /// The source of the token.
    public AuthMode authMode() {
        return authentication.mode();
    }

    /// The static bearer, `--token` or `RPAI_TOKEN`.
    public Optional<Secret> token() {
        return authentication.token();
    }

    /// CI's own credentials.
    public Optional<ServiceAccount> serviceAccount() {
        return authentication.serviceAccount();
    }

    /// The place to sign in.
    public Cloud cloud() {
        return authentication.cloud();
    }

    /// Returns whether coloured output is wanted.
    public boolean color() {
        return !switches.contains(Flags.Switch.NO_COLOR);
    }

    /// Returns whether to print more on stderr.
    public boolean verbose() {
        return switches.contains(Flags.Switch.VERBOSE);
    }

    /// Returns whether `--embedded` requests the gateway in this process even if a profile is configured.
    public boolean embedded() {
        return switches.contains(Flags.Switch.EMBEDDED);
    }

    /// Returns whether no gateway is configured, so that a launch starts its own.
    public boolean wantsEmbeddedGateway() {
        return embedded() || profile().isEmpty() && endpoint().isEmpty() && token().isEmpty();
    }

    /// Returns whether the gateway token comes from a secret that only this process has: a static token, or a
    /// service account's secret. A helper that the agent starts could not ask for the next token.
    public boolean isTokenKeptHere() {
        return authMode() == AuthMode.TOKEN
                || authMode() == AuthMode.DEVICE && serviceAccount().isPresent();
    }

    /// The AI Gateway's base URL, without a slash at its end.
    ///
    /// @throws UserError when the environment has none, or none is configured
    public URI gateway() {
        if (endpoint().isPresent()) return endpoint().get();
        if (profile().isEmpty())
            throw new UserError(
                    "no environment is configured",
                    Remedy.run("rpkai auth login").withRest(", or name a gateway with --endpoint"));
        var url = profile()
                .get()
                .gatewayUrl()
                .orElseThrow(() -> new UserError(
                        "environment \"%s\" is not ready (no AI Gateway URL)"
                                .formatted(profileName().orElse("")),
                        Remedy.run("rpkai auth login")
                                .withRest(" again once it has one, or name a gateway with --endpoint")));
        return webUrl(url, "ai_gateway_url of \"" + profileName().orElse("") + "\"");
    }

    /// The URL of the management API: the gateway, unless the environment names another. `--endpoint` sets
    /// both.
    ///
    /// @throws UserError when the environment has no gateway, or none is configured
    public URI managementApi() {
        var gateway = gateway();
        return profile()
                .filter(_ -> endpoint().isEmpty())
                .flatMap(Profile::adpApiUrl)
                .map(url -> webUrl(url, "adp_api_url of \"" + profileName().orElse("") + "\""))
                .orElse(gateway);
    }

    /// Reads an http or https URL to which a path can be appended.
    ///
    /// @param what the origin of the text, for the message
    public static URI webUrl(String text, String what) {
        try {
            var url = new URI(Cloud.withoutSlash(text.strip()));
            var http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            if (http
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null) return url;
        } catch (URISyntaxException e) {
            // Falls through to the same message: the position of the syntax error would not help the user.
        }
        throw UserError.usage(
                "%s is not a web address: \"%s\"".formatted(what, shown(text)),
                "use https://host, without a query or a password");
    }

    /// A URL in a form that may be shown. Parts in which users put passwords by mistake are not repeated to a
    /// terminal or a log.
    public static String shown(String url) {
        return url.replaceAll("//[^/]*@", "//" + Secret.REDACTED + "@").replaceAll("[?#].*", "");
    }

    private static Optional<Path> path(Optional<String> text, Host host) {
        return text.map(t -> host.cwd().resolve(t.startsWith("~/") ? host.home() + t.substring(1) : t));
    }

    /// Strips whitespace: a token that was read from a file ends with the file's line break.
    private static Secret stripped(Secret token) {
        return new Secret(token.reveal().strip());
    }

    private static AuthMode authMode(Optional<Profile> profile) {
        var mode = profile.flatMap(Profile::authMode).orElse(AuthMode.DEVICE.label());
        return AuthMode.of(mode)
                .orElseThrow(() -> new UserError(
                        "unknown auth_mode \"%s\" in the config file".formatted(mode),
                        "use device, rpk, token or none"));
    }

    private static Optional<ServiceAccount> serviceAccount(Host host) {
        var id = host.variable("RPAI_SERVICE_ACCOUNT_ID");
        var secret = host.variable("RPAI_SERVICE_ACCOUNT_SECRET");
        if (id.isPresent() != secret.isPresent()) {
            throw UserError.usage(
                    "only one of RPAI_SERVICE_ACCOUNT_ID and RPAI_SERVICE_ACCOUNT_SECRET is set",
                    "set both, or neither");
        }
        return id.map(i -> new ServiceAccount(i, new Secret(secret.orElseThrow())));
    }

    private static UserError unknownProfile(String name, ConfigFile file) {
        var known = String.join(", ", file.profiles().keySet());
        return new UserError(
                "environment \"%s\" not found".formatted(name),
                known.isEmpty()
                        ? Remedy.run("rpkai auth login")
                        : Remedy.run("rpkai auth login").withLead("use one of " + known + ", or "));
    }
}
