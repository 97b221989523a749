package lib.cli.secret;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Optional;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.cli.base.Output;
import lib.cli.gateway.GatewayStateOption;
import lib.cli.gateway.SealingKeyOption;
import lib.config.OutputFormat;
import lib.gateway.issuer.Issuer;
import lib.gateway.sealing.SealingKeyChange;
import lib.gateway.secret.SecretVariables;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StateLocation;
import lib.gateway.state.StoredSecrets.Resealed;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `rpkai secret rotate-key`: replaces the key that encrypts a gateway's secrets, while gateways run.
@Command(
        name = "rotate-key",
        description = {
            "Replaces the key that encrypts the secrets and the key that signs tokens, while gateways run.",
            "The command makes a new key and encrypts all secrets with it in one transaction. The tokens of a gateway "
                    + "with --auth builtin are signed with a new key from then on; tokens that were signed before stay "
                    + "valid until they expire, for an hour at most.",
            "For a state in PostgreSQL, it encrypts the signing keys too, and can change the sealing key: pass the "
                    + "present one and the new one, restart the gateways with the new one, and run the command again "
                    + "with the new one and --finish. Until then, gateways work with either."
        },
        footer = {"", "Example:", "  rpkai secret rotate-key"})
public final class RotateKeyCommand implements Runnable {
    private static final String NEW = "--new-sealing-key";

    @Mixin
    GatewayStateOption state;

    @Mixin
    SealingKeyOption sealingKey;

    @Option(
            names = NEW + "-file",
            paramLabel = "FILE",
            description =
                    "For a state in PostgreSQL: a file with the sealing key that gateways are to use from now on. "
                            + "The present one stays valid until --finish.")
    Path newFile;

    @Option(
            names = NEW + "-command",
            paramLabel = "COMMAND",
            description = "For a state in PostgreSQL: a shell command that prints that key.")
    String newCommand;

    @Option(
            names = "--finish",
            description = "For a state in PostgreSQL: make the former sealing key useless. Gateways that were started "
                    + "with it can no longer read secrets.")
    boolean finish;

    private final Context context;

    public RotateKeyCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        var host = context.host();
        var next = SealingKeyOption.source(NEW, newFile, newCommand, host);
        if (next.isPresent() && finish)
            throw UserError.usage(
                    "%s-file and %1$s-command exclude --finish".formatted(NEW),
                    "pass --finish when all gateways use the new key");
        var location = state.location(sealingKey.source(host), host);
        if (location instanceof StateLocation.Shared shared) shared.requireSealingKey();
        var format = context.settings(true).format();
        try (var open = GatewayState.open(location, host, SecretVariables.USUAL)) {
            var done = open.storedSecrets().replaceKey(new SealingKeyChange(next, finish));
            host.err()
                    .println(done.map(RotateKeyCommand::sentence)
                            .orElse("No secret is stored yet, so there is no key to replace."));
            var signing = Issuer.replaceSigningKey(open);
            if (signing)
                host.err()
                        .println("Tokens are signed with a new key. Those signed before are valid until they expire.");
            if (done.isPresent() && next.isPresent()) host.err().println(nextStep());
            if (format == OutputFormat.JSON || format == OutputFormat.YAML)
                Output.object(context, format, json(done, done.isPresent() && next.isPresent(), signing));
        }
    }

    private static String sentence(Resealed done) {
        return "%d %s%s encrypted with a new key, which is in %s."
                .formatted(
                        done.secrets(),
                        done.secrets() == 1 ? "secret" : "secrets",
                        done.signingKeys()
                                ? " and the issuer's signing keys are"
                                : done.secrets() == 1 ? " is" : " are",
                        done.key());
    }

    private String nextStep() {
        var key = newFile == null ? "--sealing-key-command COMMAND" : "--sealing-key-file " + newFile;
        return ("Gateways may use the former or the new sealing key: restart them with %s, then run rpkai secret "
                        + "rotate-key --state URL %1$s --finish")
                .formatted(key);
    }

    private static ObjectNode json(Optional<Resealed> done, boolean changing, boolean signing) {
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("secrets", done.map(Resealed::secrets).orElse(0))
                .put("signingKeys", done.map(Resealed::signingKeys).orElse(false));
        done.ifPresent(resealed -> json.put("key", resealed.key()));
        return json.put("formerSealingKeyValid", changing).put("signingKeyReplaced", signing);
    }
}
