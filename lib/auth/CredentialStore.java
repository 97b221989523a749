package lib.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import lib.base.Json;
import lib.base.PrivateFile;
import lib.base.Remedy;
import lib.base.Secret;
import lib.base.UserError;

/// The credentials file: JSON keyed by organisation, mode 0600. It is the only place on disk where tokens are
/// kept.
///
///     var store = new CredentialStore(settings.credentialsFile());
///     store.read("org_123")
public final class CredentialStore {
    /// The prefix of keys for tokens of CI's service accounts. No organisation's name starts with it.
    public static final String SERVICE_ACCOUNT = "service-account/";

    private final Path file;

    public CredentialStore(Path file) {
        this.file = file;
    }

    /// The organisation's credentials. Needs no lock: the file is replaced in one step.
    ///
    /// @throws UserError when the file is damaged
    public Optional<Credentials> read(String organization) {
        return Optional.of(load().path(organization))
                .filter(CredentialStore::holdsToken)
                .map(json -> Credentials.fromJson(organization, json));
    }

    /// The credentials of the latest sign-in.
    public Optional<Credentials> latest() {
        return load().properties().stream()
                .filter(entry -> holdsToken(entry.getValue()) && !entry.getKey().startsWith(SERVICE_ACCOUNT))
                .map(entry -> Credentials.fromJson(entry.getKey(), entry.getValue()))
                // For two sign-ins within the same second, the one added last wins.
                .reduce((one, next) -> next.signedInAt().isBefore(one.signedInAt()) ? one : next);
    }

    /// The cached credentials of one of CI's service accounts.
    public Optional<Credentials> ofServiceAccount(String id) {
        return read(SERVICE_ACCOUNT + id);
    }

    /// Runs `work` while no other process may change the file.
    ///
    /// @throws UserError when the folder can't be written; the check comes before a refresh token is used up
    <T> T exclusively(PrivateFile.Work<T> work) {
        try {
            return PrivateFile.locked(file.resolveSibling(file.getFileName() + ".lock"), work);
        } catch (IOException e) {
            throw new UserError(
                    "cannot write the credentials file %s (%s)".formatted(file, e.getMessage()),
                    "check the owner and mode of its folder");
        }
    }

    /// Rewrites the file unchanged, so that an unwritable disk or folder is found before a refresh token is
    /// used up. Call it within [#exclusively].
    void checkWritable() throws IOException {
        write(load());
    }

    /// Adds or replaces one organisation's credentials. They are on disk when this returns. Call it within
    /// [#exclusively].
    void save(Credentials credentials) throws IOException {
        var all = load();
        credentials.writeTo(
                all.path(credentials.organization()) instanceof ObjectNode node
                        ? node
                        : all.putObject(credentials.organization()));
        write(all);
    }

    /// The credentials that were forgotten: the key under which they were kept, their issuer and their refresh
    /// token.
    record Forgotten(String organization, String issuer, Optional<Secret> refreshToken) {
        static Forgotten of(String organization, JsonNode entry) {
            return new Forgotten(
                    organization,
                    entry.path("issuer").asText(""),
                    Optional.of(entry.path("refresh_token").asText(""))
                            .filter(token -> !token.isEmpty())
                            .map(Secret::new));
        }
    }

    /// Forgets one organisation's credentials.
    ///
    /// @return the forgotten credentials; empty if there were none
    Optional<Forgotten> remove(String organization) {
        if (!Files.exists(file)) return Optional.empty();
        return exclusively(() -> {
            var all = load();
            var gone = Optional.ofNullable(all.remove(organization));
            if (gone.isPresent()) write(all);
            return gone.map(entry -> Forgotten.of(organization, entry));
        });
    }

    /// Forgets all credentials, including damaged files that were moved aside and half-written files. The lock
    /// file stays: a refresh in progress holds it, and could restore its credentials under a new one.
    ///
    /// @return the forgotten credentials, as far as they could be read
    /// @throws UserError when a file can't be deleted
    List<Forgotten> removeAll() {
        if (!Files.isDirectory(file.toAbsolutePath().getParent())) return List.of();
        return exclusively(() -> {
            var gone = readable()
                    .propertyStream()
                    .map(entry -> Forgotten.of(entry.getKey(), entry.getValue()))
                    .toList();
            for (var name : List.of("%s", ".%s.new", "%s.damaged"))
                Files.deleteIfExists(file.resolveSibling(name.formatted(file.getFileName())));
            return gone;
        });
    }

    private ObjectNode readable() {
        try {
            return load();
        } catch (UserError damaged) {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    /// Moves a damaged file aside, so that a new sign-in can begin. The user keeps its content.
    void setAsideIfDamaged() throws IOException {
        try {
            load();
        } catch (UserError damaged) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".damaged"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static boolean holdsToken(JsonNode entry) {
        return !entry.path("access_token").asText("").isBlank();
    }

    private void write(ObjectNode all) throws IOException {
        PrivateFile.write(file, Json.pretty(all).getBytes(StandardCharsets.UTF_8));
    }

    private ObjectNode load() {
        try {
            var json = Json.read(Files.readAllBytes(file));
            if (json instanceof ObjectNode all) return all;
            throw damaged(json.isMissingNode() ? "it is empty" : "it is not a JSON object");
        } catch (NoSuchFileException e) {
            return JsonNodeFactory.instance.objectNode();
        } catch (JsonProcessingException e) {
            // The exception's own text is left out, because it quotes the file.
            throw damaged("its JSON is incomplete");
        } catch (IOException e) {
            throw new UserError(
                    "cannot read the credentials file %s (%s)".formatted(file, e.getMessage()),
                    "check its owner and mode");
        }
    }

    private UserError damaged(String why) {
        return new UserError(
                "the credentials file %s is damaged (%s)".formatted(file, why),
                Remedy.run("rpkai auth login").withRest("; the damaged file is kept next to the new one"));
    }
}
