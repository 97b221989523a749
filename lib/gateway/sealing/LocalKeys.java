package lib.gateway.sealing;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.SecretKey;
import lib.base.Host;
import lib.base.UserError;

/// A key on this machine: made with the first secret, kept in the keychain where the machine has one that works, else
/// in a file beside the state. The state remembers which, and how to recognise the key.
public final class LocalKeys implements SealingKeys {
    private static final String PLACE = "key place";
    private static final String ACCOUNT = "key account";
    private static final String MARK = "key mark";

    private final Path folder;
    private final Host host;
    private SecretKey known;

    public LocalKeys(Path folder, Host host) {
        this.folder = folder;
        this.host = host;
    }

    @Override
    public synchronized Made orNew(Map<String, String> facts, boolean isUsed) {
        if (facts.containsKey(PLACE)) {
            try {
                return new Made(existing(facts), Map.of());
            } catch (UserError unusable) {
                // It is only missed where something is sealed with it, and one that is there is never replaced.
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
            throw new UserError(
                    "cannot store the encryption key of the secrets in %s (%s)".formatted(folder, e.getMessage()),
                    "check the folder's owner and mode");
        }
    }

    private Made made(KeyBackend place, SecretKey key, String account) {
        known = key;
        return new Made(key, Map.of(PLACE, place.label(), ACCOUNT, account, MARK, KeyText.mark(key)));
    }

    /// The key in the file of a state that was deleted.
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
            return file().find().isEmpty();
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
        KeyBackend place = !isInKeychain(facts)
                ? file()
                : Keychain.of(host, facts.getOrDefault(ACCOUNT, ""))
                        .orElseThrow(() -> new UserError(
                                "the encryption key of the secrets is in the keychain, but the keychain's "
                                        + "command is not on the PATH",
                                "install it again, or delete the secrets (rpkai secret list) and set them again"));
        try {
            var text = place.find().orElseThrow(() -> missing(place, "is missing"));
            var key = KeyText.parse(text).orElseThrow(() -> damaged(place));
            if (!KeyText.hasMark(key, mark)) throw missing(place, "is a different key");
            known = key;
            return known;
        } catch (CharacterCodingException e) {
            throw damaged(place);
        } catch (IOException e) {
            throw missing(place, "cannot be read");
        }
    }

    private KeyBackend file() {
        return new KeyBackend.InFile(folder.resolve("key"));
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
