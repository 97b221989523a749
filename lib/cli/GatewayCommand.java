package lib.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import lib.UserError;
import lib.gateway.Callers;
import lib.gateway.EmbeddedGateway;
import lib.gateway.GatewayConfig;
import lib.gateway.MachineProviders;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sun.misc.Signal;

/// `rpkai gateway`: the embedded gateway as a server, until it is told to stop.
@Command(name = "gateway", description = "Serves an AI Gateway on this machine.", footer = {"", "Example:", "  rpkai gateway --listen 127.0.0.1:8090"})
final class GatewayCommand implements Callable<Integer> {
    @Option(names = "--listen", paramLabel = "HOST:PORT", defaultValue = "127.0.0.1:8090", description = "Where to listen (default ${DEFAULT-VALUE}); port 0 takes a free one.")
    String listen;

    private final Context context;

    GatewayCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        var host = context.host();
        var address = Address.of(listen);
        var config = GatewayConfig.local(MachineProviders.from(host.env()), Callers.ANYONE).reachingFrom(host).listeningOn(address.host, address.port);
        var stopped = stopSignal();
        try (var gateway = EmbeddedGateway.start(config)) {
            host.err().println("rpkai: the gateway listens on " + gateway.baseUrl());
            stopped.await();
        }
        return 0;
    }

    /// Opens at the first SIGTERM or Ctrl-C.
    private static CountDownLatch stopSignal() {
        var stopped = new CountDownLatch(1);
        for (var name : new String[] {"TERM", "INT"}) Signal.handle(new Signal(name), _ -> stopped.countDown());
        return stopped;
    }

    private record Address(String host, int port) {
        static Address of(String text) {
            var parts = text.splitWithDelimiters(":(?=[0-9]{1,5}$)", 2);
            if (parts.length != 3 || parts[0].isEmpty() || Integer.parseInt(parts[2]) > 65535) {
                throw UserError.usage("--listen takes HOST:PORT, not \"%s\"".formatted(text), "use 127.0.0.1:8090");
            }
            return new Address(parts[0].replaceAll("^\\[|]$", ""), Integer.parseInt(parts[2]));
        }
    }
}
