package lib.gateway.sealing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;
import lib.base.UserError;

/// A key that lies in the database itself, sealed with another one that never does. Every gateway on that database is
/// given the other one, see [KeySource].
///
///     new WrappedKeys(Optional.of(KeySource.file(path)))
///
/// The key of the secrets can be replaced in one transaction, and the other key without touching a secret.
public final class WrappedKeys implements SealingKeys {
    private static final String KEY = "data key";
    private static final String MARK = "sealing key mark";
    private static final String WHAT = "rpkai data key";
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final Optional<KeySource> source;
    /// The key of the database, and as what it lies there.
    private SecretKey known;
    private String sealed = "";
    private SecretKey outer;
    private long readAt;

    /// @param source where the other key is; empty for one that only uses what is not sealed
    public WrappedKeys(Optional<KeySource> source) {
        this.source = source;
    }

    @Override
    public synchronized void prepare() {
        if (outer == null) outer = read();
    }

    @Override
    public synchronized Made orNew(Map<String, String> facts, boolean isUsed) {
        if (facts.containsKey(KEY)) return new Made(existing(facts), Map.of());
        prepare();
        var key = KeyText.parse(KeyText.random()).orElseThrow();
        var text = Base64.getEncoder().encodeToString(SealedBytes.seal(outer, WHAT, bytes(key)));
        remember(key, text);
        return new Made(key, Map.of(KEY, text, MARK, KeyText.mark(outer)));
    }

    @Override
    public synchronized SecretKey existing(Map<String, String> facts) {
        var text = Optional.ofNullable(facts.get(KEY))
                .orElseThrow(() -> new UserError(
                        "the encryption key of the secrets is missing in the database",
                        "restore a backup of the database, or delete the secrets (rpkai secret list) and set them "
                                + "again"));
        if (text.equals(sealed)) return known;
        prepare();
        var mark = facts.getOrDefault(MARK, "");
        // It may have been replaced where it comes from. Requests ask often, and a command takes long.
        if (!KeyText.hasMark(outer, mark) && System.nanoTime() - readAt > PAUSE.toNanos()) outer = read();
        if (!KeyText.hasMark(outer, mark))
            throw new UserError(
                    "the sealing key is a different one than the secrets were sealed with: "
                            + source.orElseThrow().where(),
                    "use the key of the other gateways on this database");
        var key = SealedBytes.open(outer, WHAT, Base64.getDecoder().decode(text))
                .flatMap(bytes -> KeyText.parse(new String(bytes, StandardCharsets.US_ASCII)))
                .orElseThrow(() -> new UserError(
                        "the encryption key of the secrets was changed in the database",
                        "restore a backup of the database"));
        remember(key, text);
        return key;
    }

    private void remember(SecretKey key, String text) {
        known = key;
        sealed = text;
    }

    private SecretKey read() {
        readAt = System.nanoTime();
        return source.orElseThrow(() -> new UserError(
                        "the secrets in the database need a sealing key",
                        "pass --sealing-key-file FILE or --sealing-key-command COMMAND"))
                .read();
    }

    private static byte[] bytes(SecretKey key) {
        return KeyText.of(key).getBytes(StandardCharsets.US_ASCII);
    }
}
