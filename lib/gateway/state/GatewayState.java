package lib.gateway.state;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lib.api.ResourceKind;
import lib.base.FileRights;
import lib.base.Host;
import lib.database.Database;
import lib.gateway.sealing.LocalKeys;
import lib.gateway.sealing.SealingKeys;
import lib.gateway.sealing.WrappedKeys;
import lib.gateway.secret.SecretVariables;

/// The data that a gateway stores: its providers, MCP servers, secrets, accounts and sign-ins, in one SQLite
/// file or in a PostgreSQL database.
///
///     try (var state = GatewayState.open(GatewayState.folder(host), host)) {
///         state.storedSecrets().set("ANTHROPIC_API_KEY", new Secret(typed));
///     }
///
/// Only its owner may read the folder. The key that encrypts the secrets is in the machine's keychain, or in a
/// file of the same folder: a copy of the database alone reveals no secret. In PostgreSQL the key is encrypted
/// with another one that every gateway is given, see [WrappedKeys].
public final class GatewayState implements AutoCloseable {
    private static final String SIGNING_KEYS = "signing-keys.json";
    private static final List<String> PRIVATE = Stream.concat(
                    Stream.of("state.db", "state.db-wal", "state.db-shm", SIGNING_KEYS), LocalKeys.files().stream())
            .toList();

    private final StateDatabase database;
    private final InstantSource clock;
    private final Map<String, String> environment;
    private final StoredResources providers;
    private final StoredResources servers;
    private final StoredSecrets storedSecrets;
    private final Secrets secrets;
    private final StoredAccounts accounts;
    private final StoredSignIns signIns;
    private final StoredDeviceGrants deviceGrants;
    private final SigningKeyStore signingKeys;
    private final StateTransfer transfer;
    private volatile byte[] sessionKey;

    private GatewayState(
            StateDatabase database,
            SealingKeys keys,
            Optional<Path> signingKeyFile,
            Host host,
            SecretVariables variables) {
        this.database = database;
        this.clock = host.clock();
        this.environment = host.env();
        this.providers = new StoredResources(database, "provider");
        this.servers = new StoredResources(database, "mcp_server");
        this.storedSecrets = new StoredSecrets(database, keys, clock);
        this.secrets = new Secrets(host.env(), variables, storedSecrets);
        this.accounts = new StoredAccounts(database, clock);
        this.signIns = new StoredSignIns(database, clock);
        this.deviceGrants = new StoredDeviceGrants(database, signIns, clock);
        this.signingKeys = signingKeyFile
                .<SigningKeyStore>map(file -> new SigningKeyStore.InFile(file, database))
                .orElseGet(() -> new SigningKeyStore.InDatabase(database, storedSecrets, keys));
        this.transfer = new StateTransfer(database, keys, storedSecrets, signingKeys);
    }

    /// Returns the default folder, `~/.rpai/gateway`.
    public static Path folder(Host host) {
        return host.home().resolve(".rpai").resolve("gateway");
    }

    /// Opens the state in that folder, and creates it if there is none.
    ///
    /// @throws lib.base.UserError if it cannot be used
    public static GatewayState open(Path folder, Host host) {
        return open(folder, host, SecretVariables.USUAL);
    }

    /// Opens the state in that folder, with other variables that references may name.
    public static GatewayState open(Path folder, Host host, SecretVariables variables) {
        return open(new StateLocation.Folder(folder), host, variables);
    }

    /// Opens the state at that location, and creates it if there is none.
    ///
    /// @throws lib.base.UserError if it cannot be used
    public static GatewayState open(StateLocation location, Host host, SecretVariables variables) {
        return switch (location) {
            case StateLocation.Folder(var folder) -> inFolder(folder, host, variables);
            case StateLocation.Shared(var database, var sealingKey) -> {
                variables.keepFrom(sealingKey);
                yield new GatewayState(
                        StateDatabase.open(database, host::warn),
                        new WrappedKeys(sealingKey),
                        Optional.empty(),
                        host,
                        variables);
            }
        };
    }

    private static GatewayState inFolder(Path folder, Host host, SecretVariables variables) {
        FileRights.keepWriteProtected(folder, host);
        for (var file : PRIVATE) FileRights.keepSecret(folder.resolve(file), host);
        var database = Database.sqlite(folder.resolve("state.db"), StateLocation.LABEL, host);
        return new GatewayState(
                StateDatabase.open(database, host::warn),
                new LocalKeys(folder, host),
                Optional.of(folder.resolve(SIGNING_KEYS)),
                host,
                variables);
    }

    public StoredResources providers() {
        return providers;
    }

    /// Returns its MCP servers.
    public StoredResources servers() {
        return servers;
    }

    /// Returns its resources of that kind.
    public StoredResources of(ResourceKind kind) {
        return kind.equals(ResourceKind.MCP) ? servers : providers;
    }

    public StoredSecrets storedSecrets() {
        return storedSecrets;
    }

    /// Returns the secrets that providers' references name.
    public Secrets secrets() {
        return secrets;
    }

    /// Returns the users and clients of the gateway's own issuer.
    public StoredAccounts accounts() {
        return accounts;
    }

    /// Returns their sign-ins.
    public StoredSignIns signIns() {
        return signIns;
    }

    /// Returns the devices that wait for a user to approve them.
    public StoredDeviceGrants deviceGrants() {
        return deviceGrants;
    }

    /// Records the public URL of a gateway on this state.
    ///
    /// @return the one that was recorded before
    public Optional<URI> recordPublicUrl(URI url) {
        return Facts.replace(database, "public url", url.toString()).map(URI::create);
    }

    /// Returns whether changes can be stored: not while the disk is full.
    public boolean isWritable() {
        return database.isWritable();
    }

    /// Sets how long requests are served while PostgreSQL does not answer, and reads what they need.
    public void limitStaleness(Duration limit) {
        database.limitStaleness(limit);
        database.snapshot();
        sessionKey();
    }

    /// Returns how current the snapshot is by which requests are served; empty for a state on this machine.
    public Optional<Freshness> freshness() {
        return database.freshness();
    }

    /// Checks that requests may be served by what is known of the state.
    ///
    /// @throws StateUnavailable if PostgreSQL has not answered for longer than the limit
    public void requireCurrent() {
        database.requireCurrent();
    }

    /// Returns the key that binds the ids of MCP sessions to their callers.
    ///
    /// @throws lib.base.UserError if there is none yet and none can be stored
    public byte[] sessionKey() {
        if (sessionKey == null) sessionKey = Facts.sessionKey(database);
        return sessionKey;
    }

    /// Returns the store of the keys that the gateway's own issuer signs with.
    public SigningKeyStore signingKeys() {
        return signingKeys;
    }

    /// Returns the part that moves this state to another database.
    public StateTransfer transfer() {
        return transfer;
    }

    /// Returns the variables that the gateway was started with.
    public Map<String, String> environment() {
        return environment;
    }

    /// Returns the clock of its changes.
    public InstantSource clock() {
        return clock;
    }

    @Override
    public void close() {
        database.close();
    }
}
