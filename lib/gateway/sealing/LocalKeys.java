package lib.gateway.sealing;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.SecretKey;
import lib.base.Host;
import lib.base.PrivateFile;
import lib.base.UserError;

/// A key on this machine, made with the first secret. It is in the keychain if the machine has one that works, and
/// otherwise in a file beside the state. The state remembers which, and how to recognise the key.
///
/// A replaced key is stored beside the one before until the state names it, see [#replace].
public final class LocalKeys implements SealingKeys {
    private static final String PLACE = "key place";
    private static final String ACCOUNT = "key account";
    private static final String MARK = KeyText.MARK;
    /// How the second account of a keychain ends: a new key is stored under the one that is not in use.
    private static final String SECOND = ".2";

    private final Path folder;
    private final Host host;
    private SecretKey known;

    public LocalKeys(Path folder, Host host) {
        this.folder = folder;
        this.host = host;
    }

    /// The files in a state's folder that may hold a key, and the lock of those that change them.
    public static List<String> files() {
        return List.of("key", "key.next", "key.lock");
    }

    @Override
    public synchronized Made orNew(Map<String, String> facts, boolean isUsed) {
        if (facts.containsKey(PLACE)) {
            try {
                return new Made(existing(facts), Map.of());
            } catch (UserError unusable) {
                // A missing key matters only if something is encrypted with it. A key that is there is never replaced.
                if (isUsed || !isGone(facts)) throw unusable;
            }
        }
        var account = UUID.randomUUID().toString();
        var left = leftOver();
        if (left.isPresent()) return made(file(), left.get(), account);
        var text = KeyText.random();
        try {
            var keychain = Keychain.of(host, account);
            KeyBackend place = keychain.isPresent() && keychain.get().keep(text) ? keychain.get() : file();
            if (place instanceof KeyBackend.InFile) place.keep(text);
            return made(place, KeyText.parse(text).orElseThrow(), account);
        } catch (IOException e) {
            throw notStored(e);
        }
    }

    private Made made(KeyBackend place, SecretKey key, String account) {
        known = key;
        return new Made(key, facts(place, key, account));
    }

    private static Map<String, String> facts(KeyBackend place, SecretKey key, String account) {
        return Map.of(PLACE, place.label(), ACCOUNT, account, MARK, KeyText.mark(key));
    }

    /// Returns the key in the file of a state that was deleted.
    private Optional<SecretKey> leftOver() {
        try {
            var text = file().find();
            if (text.isEmpty()) return Optional.empty();
            return Optional.of(KeyText.parse(text.get()).orElseThrow(() -> damaged(file())));
        } catch (IOException e) {
            throw damaged(file());
        }
    }

    private boolean isGone(Map<String, String> facts) {
        if (isInKeychain(facts)) return true;
        try {
            return file().find().isEmpty() && next().find().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isInKeychain(Map<String, String> facts) {
        return Keychain.LABEL.equals(facts.get(PLACE));
    }

    @Override
    public synchronized SecretKey existing(Map<String, String> facts) {
        var mark = facts.getOrDefault(MARK, "");
        if (known != null && KeyText.hasMark(known, mark)) return known;
        var place = isInKeychain(facts) ? keychain(account(facts)) : file();
        try {
            // Another process may move a new key to its final place between two looks.
            for (var each : place instanceof Keychain ? List.of(place) : List.of(place, next(), place)) {
                var key = each.find().flatMap(KeyText::parse).filter(found -> KeyText.hasMark(found, mark));
                if (key.isEmpty()) continue;
                known = key.get();
                return known;
            }
            var text = place.find().orElseThrow(() -> missing(place, "is missing"));
            throw KeyText.parse(text).isPresent() ? missing(place, "is a different key") : damaged(place);
        } catch (CharacterCodingException e) {
            throw damaged(place);
        } catch (IOException e) {
            throw missing(place, "cannot be read");
        }
    }

    /// Replaces the key where it is. The new key is stored beside it first. One transaction then encrypts everything
    /// with the new key and makes it the state's. Only after that is the key before removed; a process that ends
    /// before leaves both, and the next one to replace the key removes what is not used.
    @Override
    public Optional<String> replace(KeyedStore store, SealingKeyChange change) {
        if (!change.equals(SealingKeyChange.NONE))
            throw UserError.usage(
                    "--new-sealing-key-file, --new-sealing-key-command and --finish require a state in PostgreSQL",
                    "omit them: a state in a folder has no sealing key");
        try {
            return PrivateFile.locked(folder.resolve("key.lock"), () -> replaceAlone(store));
        } catch (IOException e) {
            throw notStored(e);
        }
    }

    private Optional<String> replaceAlone(KeyedStore store) throws IOException {
        var facts = store.facts();
        if (!facts.containsKey(PLACE)) return Optional.empty();
        existing(facts);
        settle(facts);
        var text = KeyText.random();
        var key = KeyText.parse(text).orElseThrow();
        var account = isInKeychain(facts) ? other(account(facts)) : account(facts);
        var beside = isInKeychain(facts) ? keychain(account) : next();
        try {
            if (!beside.keep(text))
                throw new UserError(
                        "the keychain does not store a new key",
                        "unlock it, and run rpkai secret rotate-key again; all secrets are as before");
            store.reseal(inside -> replacement(facts, inside, facts(beside, key, account), key));
        } catch (UserError | IOException e) {
            // A transaction that failed may still have been committed.
            settle(store.facts());
            throw e;
        }
        try {
            settle(store.facts());
        } catch (IOException e) {
            throw new UserError(
                    "everything is encrypted with the new key %s, but the one before could not be removed (%s)"
                            .formatted(beside.where(), e.getMessage()),
                    (isInKeychain(facts) ? "unlock the keychain" : "check the owner and mode of " + folder)
                            + ", and run rpkai secret rotate-key again",
                    e);
        }
        return Optional.of(isInKeychain(facts) ? beside.where() : file().where());
    }

    private KeyedStore.Change replacement(
            Map<String, String> before, Map<String, String> inside, Map<String, String> after, SecretKey key) {
        for (var fact : after.keySet())
            if (!before.getOrDefault(fact, "").equals(inside.get(fact)))
                throw new UserError(
                        "another process made a key for the secrets at the same time",
                        "run rpkai secret rotate-key again");
        return new KeyedStore.Change(existing(inside), key, after);
    }

    /// Moves the key of the state to where every version of rpkai looks for it, and removes the other one.
    ///
    /// @param facts what the state remembers now
    private void settle(Map<String, String> facts) throws IOException {
        if (isInKeychain(facts)) {
            keychain(other(account(facts))).remove();
            return;
        }
        var beside = next().find();
        if (beside.isEmpty()) return;
        var isNew = KeyText.parse(beside.get())
                .filter(key -> KeyText.hasMark(key, facts.getOrDefault(MARK, "")))
                .isPresent();
        if (isNew) file().keep(beside.get());
        next().remove();
    }

    private static String account(Map<String, String> facts) {
        return facts.getOrDefault(ACCOUNT, "");
    }

    private static String other(String account) {
        return account.endsWith(SECOND) ? account.substring(0, account.length() - SECOND.length()) : account + SECOND;
    }

    private Keychain keychain(String account) {
        return Keychain.of(host, account)
                .orElseThrow(() -> new UserError(
                        "the encryption key of the secrets is in the keychain, but the keychain's "
                                + "command is not on the PATH",
                        "install it again, or delete the secrets (rpkai secret list) and set them again"));
    }

    private KeyBackend file() {
        return new KeyBackend.InFile(folder.resolve("key"));
    }

    /// The file of a new key that the state does not name yet, or that was not moved to its place.
    private KeyBackend next() {
        return new KeyBackend.InFile(folder.resolve("key.next"));
    }

    private UserError notStored(IOException e) {
        return new UserError(
                "cannot store the encryption key of the secrets in %s (%s)".formatted(folder, e.getMessage()),
                "check the folder's owner and mode, and the space on its disk",
                e);
    }

    private static UserError missing(KeyBackend place, String why) {
        return new UserError(
                "the encryption key of the secrets %s: %s".formatted(why, place.where()),
                "restore it, or delete the secrets (rpkai secret list) and set them again");
    }

    private static UserError damaged(KeyBackend place) {
        return new UserError(
                "the encryption key of the secrets is damaged: " + place.where(),
                "restore it from a backup, or delete it and the secrets (rpkai secret list) and set them again");
    }
}
