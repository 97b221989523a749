package lib.cli.gateway;

import java.util.concurrent.Callable;
import lib.cli.base.Context;
import lib.cli.base.StopSignal;
import lib.gateway.EmbeddedGateway;
import lib.gateway.catalog.MachineProviders;
import lib.gateway.config.GatewayConfig;
import lib.gateway.exchange.CallListener;
import lib.gateway.exchange.PublicEndpoint;
import lib.gateway.management.definition.WithheldVariables;
import lib.gateway.server.HeapTrimmer;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StateLocation;
import lib.gateway.telemetry.Metrics;
import lib.gateway.transfer.StateGuard;
import lib.gateway.ui.UsagePage;
import lib.usage.store.UsageService;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `rpkai gateway`: runs the embedded gateway as a server until it is stopped.
@Command(
        name = "gateway",
        description = "Runs an AI Gateway on this machine.",
        footer = {"", "Example:", "  rpkai gateway --listen 127.0.0.1:8090"})
public final class GatewayCommand implements Callable<Integer> {
    @Mixin
    GatewayAddress address;

    @Mixin
    GatewayAuth auth;

    @Mixin
    GatewayStateOption state;

    @Mixin
    SealingKeyOption sealingKey;

    @Mixin
    StaleLimitOption staleLimit;

    @Mixin
    UsageStoreOption usage;

    @Mixin
    GatewaySecretEnv secrets;

    @Mixin
    GatewayOperations operations;

    @Spec
    CommandSpec spec;

    @Mixin
    GatewayManifests manifests;

    @Mixin
    DemoScriptOption demo;

    private final Context context;

    public GatewayCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        var host = context.host();
        ServerProcess.become(host, spec.root().commandLine().getParseResult().originalArgs());
        HeapTrimmer.keepSmall();
        var stopped = StopSignal.awaited();
        var metrics = new Metrics();
        var location = state.location(sealingKey.source(host), host);
        staleLimit.check(location);
        if (location instanceof StateLocation.Shared shared) shared.requireSealingKey();
        try (var _ = StateGuard.forGateway(location);
                var kept = GatewayState.open(location, host, secrets.variables());
                var log = operations.open(host)) {
            kept.transfer().refuseUnfinished();
            // With another key than the other gateways have it could serve nothing that needs a secret.
            if (location instanceof StateLocation.Shared)
                kept.storedSecrets().problem().ifPresent(problem -> {
                    throw problem;
                });
            staleLimit.apply(kept, location);
            var door = auth.door(address, kept, context);
            if (location instanceof StateLocation.Shared) auth.checkShared(address, kept, host);
            var config = GatewayConfig.local(MachineProviders.from(host.env()), door.callers())
                    .withUpstreamsOf(host)
                    .withAddress(address.host(), address.port())
                    .withState(kept)
                    .withDemoScript(demo.script(host))
                    .withCallListener(new CallListener(metrics::call, host.clock()))
                    .withOperations(operations.operations(
                            host,
                            metrics,
                            log.log(),
                            door.callers().withoutToken().isEmpty(),
                            context.flags().verbose || host.enabled("RPAI_VERBOSE")));
            try (var accounting = usage.open(kept, location, host);
                    var _ = manifests.follow(kept, accounting.stored(), host);
                    var gateway = EmbeddedGateway.startWarm(
                            config.withUsage(accounting).withPublicEndpoint(withUsage(door, accounting)))) {
                kept.storedSecrets().problem().ifPresent(problem -> host.warn(problem.line()));
                WithheldVariables.in(kept).forEach(host::warn);
                host.err().println("rpkai: the gateway listens on " + gateway.baseUrl());
                auth.hint(door.front().publicUrl().orElse(gateway.baseUrl()), kept)
                        .forEach(line -> host.err().println("rpkai: " + line));
                host.err()
                        .println("rpkai: usage and costs are shown at %s/ui"
                                .formatted(door.front().publicUrl().orElse(gateway.baseUrl())));
                stopped.await();
            }
        }
        return 0;
    }

    private static PublicEndpoint withUsage(GatewayAuth.Door door, UsageService accounting) {
        var page = new UsagePage(
                accounting.reports(), door.callers(), door.front(), accounting.clock(), door.firstSteps());
        return door.front().showing(page.and(door.front().pages()));
    }
}
