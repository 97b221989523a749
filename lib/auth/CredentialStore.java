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

/// The credentials file: JSON keyed by organisation, mode 0600, the only place on disk where a token is.
///
///     var store = new CredentialStore(settings.credentialsFile());
///     store.read("org_123")
public final class CredentialStore {
    /// Tokens of CI's service accounts are kept here too, under a name that no organisation has.
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
                // Two within a second: what was added last stands last.
                .reduce((one, next) -> next.signedInAt().isBefore(one.signedInAt()) ? one : next);
    }

    /// What is cached for one of CI's service accounts.
    public Optional<Credentials> ofServiceAccount(String id) {
        return read(SERVICE_ACCOUNT + id);
    }

    /// Runs `work` as the only one, across processes, that may change the file.
    ///
    /// @throws UserError when the folder can't be written: better before a refresh token is spent than after
    <T> T exclusively(PrivateFile.Work<T> work) {
        try {
            return PrivateFile.locked(file.resolveSibling(file.getFileName() + ".lock"), work);
        } catch (IOException e) {
            throw new UserError(
                    "cannot write the credentials file %s (%s)".formatted(file, e.getMessage()),
                    "check the owner and mode of its folder");
        }
    }

    /// Writes the file as it is, so that a disk or a folder that can't take it is found before a refresh token is
    /// spent and not after. Call it [#exclusively].
    void checkWritable() throws IOException {
        write(load());
    }

    /// Adds or replaces one organisation's credentials; on disk when this returns. Call it [#exclusively].
    void save(Credentials credentials) throws IOException {
        var all = load();
        credentials.writeTo(
                all.path(credentials.organization()) instanceof ObjectNode node
                        ? node
                        : all.putObject(credentials.organization()));
        write(all);
    }

    /// What is forgotten: under which name it was kept, who issued it, what would have renewed it.
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
    /// @return what they were; empty where there were none
    Optional<Forgotten> remove(String organization) {
        if (!Files.exists(file)) return Optional.empty();
        return exclusively(() -> {
            var all = load();
            var gone = Optional.ofNullable(all.remove(organization));
            if (gone.isPresent()) write(all);
            return gone.map(entry -> Forgotten.of(organization, entry));
        });
    }

    /// Forgets everything, also what was set aside or left half-written. The lock stays: a refresh that is under
    /// way holds it, and would bring its credentials back through a new one.
    ///
    /// @return what it was, as far as it could be read
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

    /// Moves a damaged file aside, so that a new sign-in can begin; what is in it stays with its owner.
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
            // Not the exception's own text: it quotes the file.
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
