package lib.gateway.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.Optional;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.api.type.ProviderSpec;
import lib.base.Secret;
import lib.base.UserError;
import lib.gateway.certificate.ClientCertificate;
import lib.gateway.certificate.ClientCertificates;
import lib.gateway.certificate.ClientTls;
import lib.gateway.exchange.GatewayError;
import lib.gateway.management.definition.BaseUrl;
import lib.gateway.state.Secrets;
import lib.gateway.upstream.AwsCredentials;
import lib.gateway.upstream.HostLookup;
import lib.gateway.upstream.Upstream;
import lib.gateway.upstream.UpstreamAuth;

/// The upstream of a provider from the gateway's state.
final class StoredUpstream {
    private final String provider;
    private final ObjectNode definition;
    private final Secrets secrets;
    private final StsCredentials roles;
    private final ClientCertificates certificates;
    /// What the latest request used. The next one rarely needs another.
    private volatile Upstream.Remote latest;

    /// @param provider the name of the provider, for messages
    /// @param definition the whole definition, valid
    /// @param secrets the secrets that the definition refers to
    /// @param roles the source of credentials for AWS roles
    /// @param certificates the source of client certificates
    private StoredUpstream(
            String provider,
            ObjectNode definition,
            Secrets secrets,
            StsCredentials roles,
            ClientCertificates certificates) {
        this.provider = provider;
        this.definition = definition;
        this.secrets = secrets;
        this.roles = roles;
        this.certificates = certificates;
    }

    /// Returns a provider of that definition, as it is served.
    static HostedProvider hosted(
            ObjectNode definition, Secrets secrets, StsCredentials roles, ClientCertificates certificates) {
        var provider = Provider.fromJson(definition);
        var upstream = new StoredUpstream(provider.name(), definition, secrets, roles, certificates);
        return new HostedProvider(provider, new Upstream.Stored(upstream::resolved), () -> true, definition);
    }

    private Upstream.Remote resolved() {
        var known = latest;
        var url = known == null ? url() : known.baseUrl();
        // The host name may resolve to another address now than when the provider was created. Without TLS, the
        // connection itself checks the address.
        if (BaseUrl.isSecure(url) && BaseUrl.leadsAstray(url.getHost()))
            throw GatewayError.misconfigured(provider, "its URL " + HostLookup.Forbidden.WHY);
        try {
            var access = access();
            var certificate = certificate();
            if (known != null
                    && known.access().equals(access)
                    && known.tls().certificate().equals(certificate)) return known;
            var remote = new Upstream.Remote(url, access, remedy(), HostLookup.GUARDED, tls(certificate));
            latest = remote;
            return remote;
        } catch (UserError e) {
            throw GatewayError.misconfigured(provider, e.line());
        }
    }

    private URI url() {
        var given = config().path("baseUrl").asText();
        if (!given.isEmpty()) return URI.create(given);
        return URI.create(spec().upstream().url(region()));
    }

    private UpstreamAuth access() {
        if (config().path("authorizationPassthrough").asBoolean()) return new UpstreamAuth.Passthrough();
        if (spec().upstream().isSigned()) return new UpstreamAuth.Aws(region(), awsCredentials());
        return spec().config().needsCredential() || config().has("apiKeyRef")
                ? UpstreamAuth.key(type(), secret(config().path("apiKeyRef")))
                : new UpstreamAuth.None();
    }

    private Optional<ClientCertificate> certificate() {
        if (!definition.has("clientCertRef")) return Optional.empty();
        var source = new ClientCertificate.Source(
                definition.path("clientCertRef").asText(),
                definition.path("clientKeyRef").asText());
        return Optional.of(certificates.of(source, this::secret));
    }

    private ClientTls tls(Optional<ClientCertificate> certificate) {
        return new ClientTls(
                certificate,
                certificate
                        .map(own -> own.source().remedy())
                        .orElseGet(() -> "set one: run rpkai llm update %s --client-cert-ref CERT --client-key-ref KEY"
                                .formatted(provider)));
    }

    private ProviderType type() {
        return ProviderType.of(definition.path("type").asText());
    }

    private ProviderSpec spec() {
        return type().spec().orElseThrow();
    }

    /// Returns the next step if the upstream rejects its credentials.
    private String remedy() {
        if (config().has("apiKeyRef"))
            return "run rpkai secret set %s on the gateway's machine"
                    .formatted(config().path("apiKeyRef").asText());
        var keys = config().path("staticCredentials");
        if (keys.isObject()) {
            return "run rpkai secret set %s, and the same for %s, on the gateway's machine"
                    .formatted(
                            keys.path("accessKeyIdRef").asText(),
                            keys.path("secretAccessKeyRef").asText());
        }
        if (config().has("assumeRole"))
            return "check the permissions of its role "
                    + config().path("assumeRole").path("roleArn").asText();
        if (config().has("region")) return "check the AWS credentials of the gateway's machine";
        return "set one: run rpkai llm update %s --api-key-ref NAME".formatted(provider);
    }

    private AwsCredentials awsCredentials() {
        var keys = config().path("staticCredentials");
        if (keys.isObject())
            return new AwsCredentials.Keys(
                    secret(keys.path("accessKeyIdRef")).reveal(),
                    secret(keys.path("secretAccessKeyRef")),
                    Optional.empty());
        return config().has("assumeRole")
                ? roles.keys(provider, region(), config().path("assumeRole"))
                : new AwsCredentials.Chain();
    }

    /// @throws GatewayError if the secret is not set; the message names the reference and the command
    private Secret secret(JsonNode reference) {
        return secret(reference.asText());
    }

    private Secret secret(String name) {
        return secrets.find(name)
                .orElseThrow(() -> GatewayError.misconfigured(
                        provider,
                        "its secret %s is not set: run rpkai secret set %1$s on the gateway's machine"
                                .formatted(name)));
    }

    private String region() {
        return config().path("region").asText();
    }

    private JsonNode config() {
        for (var field : definition.properties()) if (field.getKey().endsWith("Config")) return field.getValue();
        throw new IllegalStateException("a provider without a configuration: " + provider);
    }
}
