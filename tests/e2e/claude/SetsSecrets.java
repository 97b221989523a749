package tests.e2e.claude;

import java.nio.file.Path;
import lib.base.Host;
import lib.base.Secret;
import lib.gateway.state.GatewayState;

/// Sets one secret after the other in the state of a folder, and prints the name of each that is set, until it is
/// killed.
public final class SetsSecrets {
    private static final int MOST = 20_000;

    private SetsSecrets() {}

    public static void main(String... args) {
        try (var state = GatewayState.open(Path.of(args[0]), Host.unattended())) {
            for (int i = 0; i < MOST; i++) {
                var name = args[1] + "_" + i;
                state.storedSecrets().set(name, value(name));
                System.out.println(name);
                System.out.flush();
            }
        }
    }

    public static Secret value(String name) {
        return new Secret("the-value-of-" + name);
    }
}
