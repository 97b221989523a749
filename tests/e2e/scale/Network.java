package tests.e2e.scale;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A network of several machines, each a network namespace of its own, joined by a bridge. The program that makes it
/// must itself be in a network and mount namespace of its own, see [tests.e2e.SealedNetwork]: with its end, all of it
/// is gone.
///
///     var network = Network.of(3);
///     new ProcessBuilder(network.on(2, command))   // on the machine with the address 10.77.0.12
final class Network {
    /// The address of this program, on the bridge.
    static final String HERE = "10.77.0.1";

    private Network() {}

    static Network of(int machines) throws IOException, InterruptedException {
        sh("mkdir -p /run/netns && mount -t tmpfs none /run/netns");
        sh("ip link add bridge0 type bridge && ip addr add %s/24 dev bridge0 && ip link set bridge0 up"
                .formatted(HERE));
        for (int i = 1; i <= machines; i++) {
            sh("ip netns add gw%1$d && ip link add to%1$d type veth peer name eth0 netns gw%1$d".formatted(i));
            sh("ip link set to%1$d master bridge0 && ip link set to%1$d up".formatted(i));
            sh("ip -n gw%1$d addr add %2$s/24 dev eth0 && ip -n gw%1$d link set eth0 up && ip -n gw%1$d link set lo up"
                    .formatted(i, address(i)));
        }
        return new Network();
    }

    /// The address of a machine, from 1 on.
    static String address(int machine) {
        return "10.77.0." + (10 + machine);
    }

    /// The command that runs another one on that machine.
    List<String> on(int machine, List<String> command) {
        var there = new ArrayList<>(List.of("ip", "netns", "exec", "gw" + machine));
        there.addAll(command);
        return there;
    }

    private static void sh(String script) throws IOException, InterruptedException {
        var process = new ProcessBuilder("/bin/sh", "-c", script)
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) throw new IOException(script + ": " + said);
    }
}
