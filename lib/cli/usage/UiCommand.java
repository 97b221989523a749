package lib.cli.usage;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import lib.auth.AccessToken;
import lib.auth.SignedOut;
import lib.auth.Tokens;
import lib.base.Json;
import lib.base.Secret;
import lib.base.UserError;
import lib.cli.base.Browser;
import lib.cli.base.Context;
import lib.cli.base.StopSignal;
import lib.cli.gateway.UsageStoreOption;
import lib.gateway.EmbeddedGateway;
import lib.gateway.access.Authenticator;
import lib.gateway.access.Caller;
import lib.gateway.config.GatewayConfig;
import lib.gateway.exchange.PublicEndpoint;
import lib.gateway.ui.UsagePage;
import lib.http.Http.Answer;
import lib.http.Http.Retry;
import lib.usage.store.UsageReports;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `rpkai ui`: opens the Cost & Usage page in the browser, signed in. If a gateway is configured, the page is
/// the gateway's. Otherwise this command serves the page from this machine's records until it is stopped.
@Command(
        name = "ui",
        description = "Opens the Cost & Usage page of the AI Gateway or of this machine.",
        footer = {"", "Example:", "  rpkai ui --no-browser"})
public final class UiCommand implements Callable<Integer> {
    private static final String NAME = "the AI Gateway";
    /// The minimum remaining lifetime of the token: the page stays signed in for as long as the token is valid.
    private static final Duration LONG = Duration.ofMinutes(30);

    @Option(
            names = "--no-browser",
            description = "Print the address instead of opening a browser. It is valid once, for one " + "minute.")
    boolean noBrowser;

    @Mixin
    UsageStoreOption store;

    private final Context context;

    public UiCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        var host = context.host();
        var settings = context.settings();
        if (store.isGiven(host) || settings.wantsEmbeddedGateway()) {
            serve();
        } else {
            var gateway = settings.managementApi();
            open(gateway, code(gateway, context.tokens(settings)));
        }
        return 0;
    }

    /// Serves the page behind a token of its own, because other users of this machine can reach the port too.
    private void serve() throws InterruptedException {
        var host = context.host();
        var token = Secret.random();
        var me = Optional.of(new Caller("local", Caller.Role.ADMIN));
        Authenticator callers = candidate -> token.matches(candidate) ? me : Optional.empty();
        var stopped = StopSignal.awaited();
        try (var reports = UsageReports.of(store.database(host))) {
            var page = new UsagePage(
                    reports,
                    callers,
                    PublicEndpoint.plain(),
                    host.clock(),
                    List.of("rpkai run claude", "rpkai run codex"));
            try (var gateway = EmbeddedGateway.start(GatewayConfig.local(List.of(), callers)
                    .withPublicEndpoint(PublicEndpoint.plain().showing(page)))) {
                open(gateway.baseUrl(), code(gateway.baseUrl(), Tokens.fixed(token, host.clock())));
                host.err().println("rpkai: press Ctrl-C to stop");
                stopped.await();
            }
        }
    }

    /// Opens the page. The code is after the #, which a browser sends to no server, and the page removes it
    /// from the address.
    private void open(URI gateway, String code) {
        var host = context.host();
        var page = gateway + "/ui";
        var address = code.isEmpty() ? page : page + "#code=" + code;
        if (noBrowser || !host.interactive()) {
            host.out().println(address);
            return;
        }
        host.err().println("rpkai: opening " + page);
        Browser.open(address);
    }

    private String code(URI gateway, Tokens tokens) {
        var token = tokens.atLeast(LONG);
        var answer = ask(gateway, token);
        if (answer.status() == 401 && token.isPresent()) answer = ask(gateway, tokens.replacing(token.get()));
        return switch (answer.status()) {
            case 200 -> read(gateway, answer);
            case 401 -> throw new SignedOut("refused by the AI Gateway at " + gateway);
            case 404, 405, 501 ->
                throw new UserError(
                        "the AI Gateway at %s has no Cost & Usage page at this address".formatted(gateway),
                        "open it in the gateway's console, or choose a store with --usage-store");
            default ->
                throw new UserError(
                        "the AI Gateway at %s is not available (HTTP %d)".formatted(gateway, answer.status()),
                        "try again");
        };
    }

    private Answer ask(URI gateway, Optional<AccessToken> token) {
        var request =
                HttpRequest.newBuilder(URI.create(gateway + "/ui/code")).POST(HttpRequest.BodyPublishers.noBody());
        token.ifPresent(
                good -> request.header("Authorization", "Bearer " + good.value().reveal()));
        return context.http().send(request.build(), Retry.SAFE, NAME);
    }

    private static String read(URI gateway, Answer answer) {
        try {
            // The code becomes part of a URL that is passed to other programs.
            if (Json.read(answer.body()).path("code").asText(null) instanceof String code
                    && code.matches("[\\w-]{0,100}")) return code;
        } catch (JsonProcessingException e) {
            // The error below reports this.
        }
        throw new UserError(
                "%s does not answer like an AI Gateway".formatted(gateway), "check the URL (rpkai env show)");
    }
}
