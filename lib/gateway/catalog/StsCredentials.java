package lib.gateway.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import lib.base.Secret;
import lib.gateway.exchange.GatewayError;
import lib.gateway.upstream.AwsCredentials;
import lib.gateway.upstream.AwsSignature;
import lib.gateway.upstream.LazyHttpClient;
import lib.gateway.upstream.UpstreamAuth;
import lib.gateway.upstream.UpstreamTimeouts;

/// Temporary keys for the roles that Bedrock providers assume. They are requested from AWS's Security Token
/// Service with the gateway's own credentials, and renewed shortly before they expire.
///
///     roles.keys("bedrock", "eu-central-1", definition.path("assumeRole"))
///
/// @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html">AssumeRole</a>
public final class StsCredentials {
    private static final Duration MARGIN = Duration.ofMinutes(5);
    private static final String FORM = "application/x-www-form-urlencoded; charset=utf-8";

    private final LazyHttpClient client;
    private final Map<String, String> environment;
    private final InstantSource clock;
    private final Map<List<String>, Assumed> assumed = new ConcurrentHashMap<>();

    private record Assumed(AwsCredentials.Keys keys, Instant until) {}

    /// @param environment the variables that may hold the gateway's own AWS credentials and
    ///     `AWS_ENDPOINT_URL_STS`
    public StsCredentials(LazyHttpClient client, Map<String, String> environment, InstantSource clock) {
        this.client = client;
        this.environment = environment;
        this.clock = clock;
    }

    /// @throws GatewayError if the role cannot be assumed
    public AwsCredentials.Keys keys(String provider, String region, JsonNode role) {
        var arn = role.path("roleArn").asText();
        var session = role.path("sessionName").asText("rpkai");
        var externalId = role.path("externalId").asText();
        // A single request serves all waiting threads.
        return assumed.compute(List.of(region, arn, session, externalId), (_, known) -> {
                    if (known != null && known.until.isAfter(clock.instant().plus(MARGIN))) return known;
                    var form = new LinkedHashMap<>(Map.of(
                            "Action",
                            "AssumeRole",
                            "Version",
                            "2011-06-15",
                            "RoleArn",
                            arn,
                            "RoleSessionName",
                            session));
                    if (!externalId.isEmpty()) form.put("ExternalId", externalId);
                    return assume(provider, region, arn, form);
                })
                .keys;
    }

    private Assumed assume(String provider, String region, String arn, Map<String, String> form) {
        var body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"))
                .getBytes(StandardCharsets.UTF_8);
        var uri = URI.create(value("AWS_ENDPOINT_URL_STS")
                .orElse("https://sts.%s.amazonaws.com%s".formatted(region, region.startsWith("cn-") ? ".cn" : ""))
                .replaceAll("/*$", "/"));
        var request = HttpRequest.newBuilder(uri)
                .timeout(UpstreamTimeouts.OWN_CALL)
                .header("Content-Type", FORM)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        AwsSignature.add(
                new AwsSignature.Signed("POST", uri, Map.of("Content-Type", List.of(FORM)), body),
                "sts",
                provider,
                new UpstreamAuth.Aws(region, own()),
                request::setHeader);
        try {
            var answer = client.get().send(request.build(), BodyHandlers.ofByteArray());
            if (answer.statusCode() == 200) return read(answer.body());
            throw GatewayError.misconfigured(
                    provider,
                    "AWS did not let the gateway assume the role %s (HTTP %d): check the role's trust policy"
                            .formatted(arn, answer.statusCode()));
        } catch (IOException | XMLStreamException e) {
            throw GatewayError.unreachable(
                    "provider \"%s\"".formatted(provider), "AWS's Security Token Service did not answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw GatewayError.unreachable("provider \"%s\"".formatted(provider), "the gateway is stopping");
        }
    }

    private static Assumed read(byte[] xml) throws XMLStreamException {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        var reader = factory.createXMLStreamReader(new ByteArrayInputStream(xml));
        var values = new HashMap<String, String>();
        while (reader.hasNext()) {
            if (reader.next() == XMLStreamConstants.START_ELEMENT
                    && List.of("AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration")
                            .contains(reader.getLocalName())) {
                values.put(reader.getLocalName(), reader.getElementText());
            }
        }
        if (values.size() < 4) throw new XMLStreamException("an incomplete key");
        return new Assumed(
                new AwsCredentials.Keys(
                        values.get("AccessKeyId"),
                        new Secret(values.get("SecretAccessKey")),
                        Optional.of(new Secret(values.get("SessionToken")))),
                Instant.parse(values.get("Expiration")));
    }

    private AwsCredentials own() {
        var id = value("AWS_ACCESS_KEY_ID");
        var secret = value("AWS_SECRET_ACCESS_KEY");
        if (id.isEmpty() || secret.isEmpty()) return new AwsCredentials.Chain();
        return new AwsCredentials.Keys(
                id.get(), new Secret(secret.get()), value("AWS_SESSION_TOKEN").map(Secret::new));
    }

    private Optional<String> value(String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }
}
