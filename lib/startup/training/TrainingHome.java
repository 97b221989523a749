package lib.startup.training;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import lib.base.PrivateFile;
import lib.config.Cloud;

/// A temporary home for training, with a sign-in.
///
///     try (var home = TrainingHome.create("http://127.0.0.1:8090", TrainingHome.token())) {
///         builder.environment().put("HOME", home.folder().toString());
///     }
record TrainingHome(Path folder) implements AutoCloseable {
    static TrainingHome create(String gatewayUrl, String token) throws IOException {
        var folder = Files.createTempDirectory("rpkai-training");
        var config = Files.createDirectory(folder.resolve(".rpai"));
        Files.writeString(config.resolve("config"), """
                current: training
                profiles:
                  training:
                    organization: training
                    environment:
                      id: training
                      name: training
                    ai_gateway_url: %s
                    auth_mode: device
                """.formatted(gatewayUrl));
        // Written as rpkai writes it: the shortcut to a token refuses a file that others may read.
        PrivateFile.write(config.resolve("credentials"), """
                {
                  "training": {"access_token": "%s", "refresh_token": "none", "issuer": "%s", "signed_in_at": 1}
                }
                """.formatted(token, Cloud.DEFAULT_ISSUER)
                .getBytes(StandardCharsets.UTF_8));
        return new TrainingHome(folder);
    }

    /// A token as long as a real one, without a valid signature.
    static String token() {
        var now = Instant.now();
        var claims = ("{\"iss\":\"https://training.invalid\",\"sub\":\"training\",\"aud\":[\"training\"],"
                        + "\"iat\":%d,\"exp\":%d}")
                .formatted(now.getEpochSecond(), now.plus(Duration.ofDays(1)).getEpochSecond());
        return part("{\"alg\":\"none\"}") + "." + part(claims) + "." + "A".repeat(342);
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
