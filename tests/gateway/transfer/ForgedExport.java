package tests.gateway.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import lib.gateway.sealing.SealedBytes;

/// An export that somebody who has the export key has changed: its lines are others, and its authentication is right.
///
///     new ForgedExport(gateway, "good.export").replacing("\"user\"", "\"root\"").write("bad.export");
final class ForgedExport {
    private final MovedGateway gateway;
    private final List<String> lines;

    ForgedExport(MovedGateway gateway, String name) {
        this(gateway, gateway.lines(name));
    }

    private ForgedExport(MovedGateway gateway, List<String> lines) {
        this.gateway = gateway;
        this.lines = lines;
    }

    /// Replaces a text in all lines.
    ForgedExport replacing(String text, String other) {
        if (lines.stream().noneMatch(line -> line.contains(text))) throw new AssertionError("no line has " + text);
        return new ForgedExport(
                gateway, lines.stream().map(line -> line.replace(text, other)).toList());
    }

    /// Returns the secret of that name, sealed with another value.
    String sealed(String name, String value) throws Exception {
        var bytes = SealedBytes.seal(
                new SecretKeySpec(key(), "AES"), "rpkai export secret " + name, value.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder().encodeToString(bytes);
    }

    /// Returns the line of a table's first row.
    JsonNode row(String table) throws Exception {
        for (int i = 0; i < lines.size(); i++)
            if (lines.get(i).startsWith("{\"table\":\"%s\"".formatted(table)))
                return new ObjectMapper().readTree(lines.get(i + 1));
        throw new AssertionError("no row of " + table);
    }

    void write(String name) throws Exception {
        var hash = Mac.getInstance("HmacSHA256");
        hash.init(new SecretKeySpec(key(), "HmacSHA256"));
        var own = hash.doFinal("rpkai export authentication".getBytes(StandardCharsets.UTF_8));
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(own, "HmacSHA256"));
        var text = new StringBuilder();
        for (var line : lines.subList(0, lines.size() - 1)) text.append(line).append('\n');
        var code =
                Base64.getEncoder().encodeToString(mac.doFinal(text.toString().getBytes(StandardCharsets.UTF_8)));
        var end = new ArrayList<>(lines).getLast().replaceFirst("\"mac\":\"[^\"]*\"", "\"mac\":\"" + code + "\"");
        gateway.write(name, text + end + "\n");
    }

    private byte[] key() throws Exception {
        var header = new ObjectMapper().readTree(lines.getFirst());
        return SealedBytes.open(
                        exportKey(),
                        "rpkai export key of " + header.path("export").asText(),
                        header.path("key").binaryValue())
                .orElseThrow();
    }

    private SecretKey exportKey() throws Exception {
        var text = Files.readString(gateway.file("export.key")).strip();
        return new SecretKeySpec(Base64.getDecoder().decode(text), "AES");
    }
}
