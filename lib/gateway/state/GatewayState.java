package lib.gateway.state;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.api.ResourceKind;
import lib.base.FileRights;
import lib.base.Host;
import lib.database.Database;
import lib.gateway.sealing.LocalKeys;
import lib.gateway.sealing.SealingKeys;
import lib.gateway.sealing.WrappedKeys;

/// What a gateway keeps between two runs: its providers, MCP servers, secrets, accounts and sign-ins, in one SQLite
/// file or in a PostgreSQL database.
///
///     try (var state = GatewayState.open(GatewayState.folder(host), host)) {
///         state.storedSecrets().set("ANTHROPIC_API_KEY", new Secret(typed));
///     }
///
/// Everything in the folder is for its owner only. The key that the secrets are sealed with is in the machine's
/// keychain, or in a file of the same folder: a copy of the database alone gives none away. In PostgreSQL the key is
/// sealed with another one that every gateway is given, see [WrappedKeys].
public final class GatewayState implements AutoCloseable {
    private static final String SIGNING_KEYS = "signing-keys.json";
    private static final List<String> PRIVATE =
            List.of("state.db", "state.db-wal", "state.db-shm", "key", SIGNING_KEYS);

    private final StateDatabase database;
    private final InstantSource clock;
    private final Map<String, String> environment;
    private final StoredResources providers;
    private final StoredResources servers;
    private final StoredSecrets storedSecrets;
    private final Secrets secrets;
    private final StoredAccounts accounts;
    private final StoredSignIns signIns;
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
        this.signingKeys = signingKeyFile
                .<SigningKeyStore>map(SigningKeyStore.InFile::new)
                .orElseGet(() -> new SigningKeyStore.InDatabase(database, storedSecrets, keys));
        this.transfer = new StateTransfer(database, keys, storedSecrets, signingKeys);
    }

    /// Where it is kept where nobody says otherwise, `~/.rpai/gateway`.
    public static Path folder(Host host) {
        return host.home().resolve(".rpai").resolve("gateway");
    }

    /// Opens the state in that folder, and makes it where there is none.
    ///
    /// @throws lib.base.UserError where it can't be used
    public static GatewayState open(Path folder, Host host) {
        return open(folder, host, SecretVariables.USUAL);
    }

    /// The same with other variables that references may name.
    public static GatewayState open(Path folder, Host host, SecretVariables variables) {
        return open(new StateLocation.Folder(folder), host, variables);
    }

    /// Opens the state at that location, and creates it where there is none.
    ///
    /// @throws lib.base.UserError where it can't be used
    public static GatewayState open(StateLocation location, Host host, SecretVariables variables) {
        return switch (location) {
            case StateLocation.Folder(var folder) -> inFolder(folder, host, variables);
            case StateLocation.Shared(var database, var sealingKey) ->
                new GatewayState(
                        StateDatabase.open(database, host::warn),
                        new WrappedKeys(sealingKey),
                        Optional.empty(),
                        host,
                        variables);
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

    /// Its MCP servers.
    public StoredResources servers() {
        return servers;
    }

    /// What it keeps of that kind.
    public StoredResources of(ResourceKind kind) {
        return kind.equals(ResourceKind.MCP) ? servers : providers;
    }

    public StoredSecrets storedSecrets() {
        return storedSecrets;
    }

    /// What the providers' references stand for.
    public Secrets secrets() {
        return secrets;
    }

    /// Whom the gateway's own issuer knows.
    public StoredAccounts accounts() {
        return accounts;
    }

    /// Where they are signed in.
    public StoredSignIns signIns() {
        return signIns;
    }

    /// Whether changes can be kept: not while the disk is full.
    public boolean isWritable() {
        return database.isWritable();
    }

    /// By which ids of MCP sessions are bound to their callers.
    ///
    /// @throws lib.base.UserError where there is none yet and none can be kept
    public byte[] sessionKey() {
        if (sessionKey == null) sessionKey = Facts.sessionKey(database);
        return sessionKey;
    }

    /// Where the keys are that the gateway's own issuer signs with.
    public SigningKeyStore signingKeys() {
        return signingKeys;
    }

    /// Returns the part that moves this state to another database.
    public StateTransfer transfer() {
        return transfer;
    }

    /// The variables that the gateway was started with.
    public Map<String, String> environment() {
        return environment;
    }

    /// The time by which it dates its changes.
    public InstantSource clock() {
        return clock;
    }

    @Override
    public void close() {
        database.close();
    }
}
