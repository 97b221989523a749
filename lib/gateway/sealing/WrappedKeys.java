package lib.gateway.sealing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import lib.base.UserError;

/// A key that is in the database itself (the data key), encrypted with one that never is (the sealing key). Every
/// gateway on that database is given the sealing key, see [KeySource].
///
///     new WrappedKeys(Optional.of(KeySource.file(path, host)))
///
/// While the sealing key is being changed, the data key is in the database twice: encrypted with the new sealing key
/// and with the former one, so that gateways may use either.
public final class WrappedKeys implements SealingKeys {
    private static final String KEY = "data key";
    private static final String MARK = "sealing " + KeyText.MARK;
    private static final String FORMER_KEY = "former data key";
    private static final String FORMER_MARK = "former sealing " + KeyText.MARK;
    private static final String WHAT = "rpkai data key";
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final Optional<KeySource> source;
    /// The data key that was used last, and its encrypted text.
    private SecretKey known;
    private String sealed = "";
    /// The sealing key that was read last, and by their marks all that were read: an older snapshot of the database
    /// may still need an older one.
    private SecretKey outer;
    private final Map<String, SecretKey> outers = new HashMap<>();
    private long readAt;

    /// The data key as it is in the database.
    ///
    /// @param mark that of the sealing key
    private record Wrapped(String mark, String text) {}

    /// @param source where the sealing key is; empty for a process that needs no secret
    public WrappedKeys(Optional<KeySource> source) {
        this.source = source;
    }

    @Override
    public synchronized void prepare(Map<String, String> facts) {
        if (outer == null) read();
        var wrapped = wrapped(facts);
        // The key may have been replaced at its source. Requests ask often, and a command takes long.
        if (!wrapped.isEmpty() && usable(wrapped).isEmpty() && System.nanoTime() - readAt > PAUSE.toNanos()) read();
    }

    @Override
    public synchronized void prepareReading(Map<String, String> facts) {
        if (source.isPresent() && !wrapped(facts).isEmpty()) prepare(facts);
    }

    @Override
    public synchronized Made orNew(Map<String, String> facts, boolean isUsed) {
        if (!wrapped(facts).isEmpty()) return new Made(prepared(facts), Map.of());
        var key = newKey();
        var text = wrap(outer, key);
        remember(key, text);
        return new Made(key, Map.of(KEY, text, MARK, KeyText.mark(outer)));
    }

    @Override
    public synchronized SecretKey existing(Map<String, String> facts) {
        var isKnown = wrapped(facts).stream().anyMatch(each -> each.text.equals(sealed));
        if (!isKnown && !wrapped(facts).isEmpty()) prepare(facts);
        return prepared(facts);
    }

    /// Returns the key, which a sealing key opens that was read before: nothing here takes long.
    private SecretKey prepared(Map<String, String> facts) {
        var wrapped = wrapped(facts);
        if (wrapped.isEmpty())
            throw new UserError(
                    "the encryption key of the secrets is missing in the database",
                    "restore a backup of the database, or delete the secrets (rpkai secret list) and set them again");
        if (wrapped.stream().anyMatch(each -> each.text.equals(sealed))) return known;
        var usable = usable(wrapped)
                .orElseThrow(() -> new UserError(
                        "the sealing key is a different one than the secrets were sealed with: "
                                + source.orElseThrow().where(),
                        "use the key of the other gateways on this database"));
        var key = SealedBytes.open(
                        outers.get(usable.mark), WHAT, Base64.getDecoder().decode(usable.text))
                .flatMap(bytes -> KeyText.parse(new String(bytes, StandardCharsets.US_ASCII)))
                .orElseThrow(() -> new UserError(
                        "the encryption key of the secrets was changed in the database",
                        "restore a backup of the database"));
        remember(key, usable.text);
        return key;
    }

    /// Replaces the data key, and the sealing key if `change` names another one. Each sealing key that is in use must
    /// be given, or the gateways that were started with it would lose their secrets; `finish` says that none was.
    @Override
    public Optional<String> replace(KeyedStore store, SealingKeyChange change) {
        var known = store.facts();
        if (wrapped(known).isEmpty()) return Optional.empty();
        prepare(known);
        // May run a command, which takes long: not in the transaction.
        var next = change.next().map(KeySource::read);
        store.reseal(facts -> replacement(facts, next, change.finish()));
        return Optional.of("the database, encrypted with the sealing key from "
                + change.next().or(() -> source).orElseThrow().where());
    }

    private synchronized KeyedStore.Change replacement(
            Map<String, String> facts, Optional<SecretKey> next, boolean finish) {
        var before = prepared(facts);
        var own = usable(wrapped(facts)).orElseThrow().mark;
        var nextMark = next.map(KeyText::mark);
        if (nextMark.filter(own::equals).isPresent())
            throw new UserError(
                    "the new sealing key is the same as the present one", "make one with openssl rand -base64 32");
        var forgotten = wrapped(facts).stream()
                .map(Wrapped::mark)
                .anyMatch(mark ->
                        !mark.equals(own) && nextMark.filter(mark::equals).isEmpty());
        if (forgotten && !finish)
            throw new UserError(
                    "the sealing key is being changed, and gateways may use the former or the new one",
                    "pass --finish with the one that all gateways use, or pass both (--new-sealing-key-file)");
        var after = newKey();
        var mine = wrap(outers.get(own), after);
        return new KeyedStore.Change(
                before,
                after,
                next.isPresent()
                        ? Map.of(
                                KEY,
                                wrap(next.get(), after),
                                MARK,
                                nextMark.orElseThrow(),
                                FORMER_KEY,
                                mine,
                                FORMER_MARK,
                                own)
                        : Map.of(KEY, mine, MARK, own, FORMER_KEY, "", FORMER_MARK, ""));
    }

    private static List<Wrapped> wrapped(Map<String, String> facts) {
        return Stream.of(
                        new Wrapped(facts.getOrDefault(MARK, ""), facts.getOrDefault(KEY, "")),
                        new Wrapped(facts.getOrDefault(FORMER_MARK, ""), facts.getOrDefault(FORMER_KEY, "")))
                .filter(each -> !each.text.isEmpty())
                .toList();
    }

    private Optional<Wrapped> usable(List<Wrapped> wrapped) {
        return wrapped.stream().filter(each -> outers.containsKey(each.mark)).findFirst();
    }

    private void remember(SecretKey key, String text) {
        known = key;
        sealed = text;
    }

    private void read() {
        readAt = System.nanoTime();
        outer = source.orElseThrow(() -> new UserError(
                        "the secrets in the database need a sealing key",
                        "pass --sealing-key-file FILE or --sealing-key-command COMMAND"))
                .read();
        outers.put(KeyText.mark(outer), outer);
    }

    private static SecretKey newKey() {
        return KeyText.parse(KeyText.random()).orElseThrow();
    }

    private static String wrap(SecretKey outer, SecretKey key) {
        var bytes = KeyText.of(key).getBytes(StandardCharsets.US_ASCII);
        return Base64.getEncoder().encodeToString(SealedBytes.seal(outer, WHAT, bytes));
    }
}
