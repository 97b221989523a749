package tests.e2e.scale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lib.agents.claude.ClaudeCode;
import lib.agents.codex.Codex;
import tests.e2e.Agents;
import tests.support.Eventually;
import tests.support.Machine;
import tests.support.Postgres;
import tests.support.upstream.Recorded;
import tests.support.upstream.RecordingUpstream;
import tests.support.upstream.Replies;
import tests.support.upstream.Reply;
import tests.support.upstream.ResponsesReplies;

/// Three gateways behind nginx with one PostgreSQL database, each on a machine of its own, and what their users do
/// meanwhile. Run by [ReplicasTest] as a program of its own inside a network that has nothing else; prints one JSON
/// object of what it saw.
public final class ThreeReplicas {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String USER = "ada@example.com";

    private final Path folder;
    private final Network network;
    private final ObjectNode report = JsonNodeFactory.instance.objectNode();
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Replica> gateways = new ArrayList<>();
    private final AtomicInteger claudeTurns = new AtomicInteger();
    private final AtomicInteger codexTurns = new AtomicInteger();
    private final long began = System.nanoTime();
    private volatile boolean over;
    private Postgres postgres;
    private String state;
    private LoadBalancer balancer;
    private Machine user;

    private ThreeReplicas(Path folder, Network network) {
        this.folder = folder;
        this.network = network;
    }

    /// @param args the folder of the machines, the program of Claude Code, that of Codex
    public static void main(String... args) throws Exception {
        var it = new ThreeReplicas(Path.of(args[0]), Network.of(3));
        try (var postgres = Postgres.startAt(Network.HERE);
                var upstream = RecordingUpstream.at(Network.HERE)) {
            it.postgres = postgres;
            it.state = postgres.newDatabase("rpkai").toString();
            upstream.handle(it::answer);
            try {
                it.run(upstream, Path.of(args[1]), Path.of(args[2]));
            } catch (AssertionError e) {
                it.report.put("failed", e.toString());
                for (var gateway : it.gateways) it.report.put("log of " + gateway.url(), gateway.end());
            } finally {
                for (var gateway : it.gateways) gateway.kill();
                if (it.balancer != null) it.balancer.close();
            }
        }
        System.out.println(it.report);
        System.exit(0);
    }

    private void run(RecordingUpstream upstream, Path claude, Path codex) throws Exception {
        startAll();
        step("sign in");
        signIn(claude, codex);
        step("configure");
        configure(upstream);
        step("refresh");
        refreshAtOnce();
        step("remove a user");
        removeAUser();
        sessions();
        step("count");
        count(upstream);
        step("end the database");
        databaseAway();
    }

    private void startAll() throws Exception {
        var key = Files.writeString(folder.resolve("sealing-key"), newKey() + "\n");
        Files.setPosixFilePermissions(key, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        balancer = LoadBalancer.nginx(
                Files.createDirectories(folder.resolve("nginx")),
                IntStream.rangeClosed(1, 3)
                        .mapToObj(i -> Network.address(i) + ":8090")
                        .toList());
        for (int i = 1; i <= 3; i++) {
            var gateway = new Replica(
                    network,
                    i,
                    folder,
                    List.of(
                            "--auth",
                            "builtin",
                            "--public-url",
                            balancer.url(),
                            "--trusted-proxy",
                            Network.HERE + "/32",
                            "--state",
                            state,
                            "--sealing-key-file",
                            key.toString()));
            gateway.machine().with("PGPASSWORD", Postgres.PASSWORD.reveal()).with("PATH", "/usr/bin:/bin:/usr/sbin");
            gateways.add(gateway);
        }
        // All at once: they create the tables at the same time.
        try (var threads = Executors.newFixedThreadPool(gateways.size())) {
            for (var started : threads.invokeAll(gateways.stream()
                    .map(gateway -> Executors.callable(() -> started(gateway)))
                    .toList())) started.get();
        }
    }

    private static String newKey() {
        var key = new byte[32];
        new java.security.SecureRandom().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    /// Signs in through the load balancer, which sends each step to another gateway.
    private void signIn(Path claude, Path codex) throws Exception {
        user = new Machine(folder.resolve("laptop"));
        Agents.use(Codex.BINARY, codex, user);
        Agents.use(ClaudeCode.BINARY, claude, user);
        user.with("TMPDIR", Files.createDirectories(folder.resolve("tmp")).toString());
        var key = admin("gateway", "user", "add", USER, "--role", "admin", "--state", state)
                .out()
                .strip();
        var login = user.start("auth", "login", balancer.url(), "--no-browser").start();
        var lines = new BufferedReader(new InputStreamReader(login.getErrorStream(), StandardCharsets.UTF_8));
        var page = lines.readLine();
        while (!page.contains("user_code=")) page = lines.readLine();
        var form = page.strip().replaceFirst(".*\\?", "")
                + "&name=%s&decision=approve&key=%s".formatted(USER, URLEncoder.encode(key, StandardCharsets.UTF_8));
        var approved = http.send(
                HttpRequest.newBuilder(URI.create(page.strip().replaceFirst("\\?.*", "")))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
        check(approved.statusCode() == 200, "the approval: " + approved.body());
        check(login.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) && login.exitValue() == 0, "auth login");
    }

    /// A command on another machine that reaches the database.
    private Machine.Result admin(String... command) {
        var machine = new Machine(folder.resolve("admin")).with("PGPASSWORD", Postgres.PASSWORD.reveal());
        var result = machine.run(command);
        check(result.exitCode() == 0, String.join(" ", command) + ": " + result.err());
        return result;
    }

    /// Sets a secret and creates providers at one gateway; measures when all of them know.
    private void configure(RecordingUpstream upstream) throws Exception {
        run(user.typing("the-upstreams-key"), "secret", "create", "UPSTREAM_KEY");
        run(
                user,
                "llm",
                "create",
                "anthropic",
                "--anthropic-config.api-key-ref",
                "UPSTREAM_KEY",
                "--anthropic-config.base-url",
                upstream.url(),
                "--enabled");
        run(
                user,
                "llm",
                "create",
                "openai",
                "--openai-config.api-key-ref",
                "UPSTREAM_KEY",
                "--openai-config.base-url",
                upstream.url(),
                "--enabled");
        var began = System.nanoTime();
        everywhere(() -> allAnswer(200, "openai", "/v1/models"));
        report.put("millisecondsUntilAllKnowAProvider", (System.nanoTime() - began) / 1_000_000);
        run(user.typing("another-key"), "secret", "update", "UPSTREAM_KEY");
        began = System.nanoTime();
        everywhere(() -> gateways.stream().allMatch(gateway -> {
            call(gateway, "openai", "/v1/models");
            return upstream.requests().getLast().headers().toString().contains("another-key");
        }));
        report.put("millisecondsUntilAllUseASecret", (System.nanoTime() - began) / 1_000_000);
    }

    private boolean allAnswer(int status, String provider, String path) {
        return gateways.stream()
                .allMatch(gateway -> call(gateway, provider, path).statusCode() == status);
    }

    private HttpResponse<String> call(Replica gateway, String provider, String path) {
        return get(gateway.url() + "/llm/v1/providers/" + provider + path, token());
    }

    private HttpResponse<String> get(String url, String token) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create(url))
                            .header("Authorization", "Bearer " + token)
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String token() {
        return run(user, "auth", "token").out().strip();
    }

    /// Fifty processes have the same refresh token, and use it at the same time at all gateways.
    private void refreshAtOnce() throws Exception {
        var file = user.home().resolve(".rpai/credentials");
        var credentials = credentials();
        var mine = (ObjectNode) credentials.elements().next();
        var before = mine.path("refresh_token").asText();
        var answers = new ArrayList<Future<HttpResponse<String>>>();
        try (var threads = Executors.newFixedThreadPool(50)) {
            for (int i = 0; i < 50; i++) {
                var url = gateways.get(i % 3).url() + "/oauth/token";
                answers.add(threads.submit(() -> refresh(url, before)));
            }
        }
        var tokens = new HashSet<String>();
        var statuses = new HashSet<Integer>();
        for (var answer : answers) {
            statuses.add(answer.get().statusCode());
            tokens.add(new ObjectMapper()
                    .readTree(answer.get().body())
                    .path("refresh_token")
                    .asText());
        }
        report.put("refreshTokensOfFiftyRefreshes", tokens.size()).put("statusesOfFiftyRefreshes", statuses.toString());
        mine.put("refresh_token", tokens.iterator().next());
        Files.writeString(file, credentials.toString());
    }

    private HttpResponse<String> refresh(String url, String refreshToken) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(url))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "grant_type=refresh_token&client_id=rpkai&refresh_token=" + refreshToken))
                        .build(),
                BodyHandlers.ofString());
    }

    /// A removed user is refused by all of them.
    private void removeAUser() {
        var added = admin("gateway", "client", "add", "ci", "--role", "invoker", "--state", state)
                .out();
        var values = new java.util.TreeMap<String, String>();
        added.lines()
                .map(line -> line.split("=", 2))
                .filter(pair -> pair.length == 2)
                .forEach(pair -> values.put(pair[0], pair[1]));
        var machine = new Machine(folder.resolve("ci"));
        values.forEach(machine::with);
        machine.with("RPAI_ISSUER", balancer.url());
        var token = machine.run("-s", balancer.url(), "auth", "token").out().strip();
        BooleanSupplier isAccepted = () -> gateways.stream()
                .allMatch(gateway -> get(gateway.url() + "/llm/v1/providers/openai/v1/models", token)
                                .statusCode()
                        == 200);
        everywhere(isAccepted);
        admin("gateway", "client", "remove", "ci", "--state", state);
        var began = System.nanoTime();
        everywhere(() -> gateways.stream()
                .allMatch(gateway -> get(gateway.url() + "/llm/v1/providers/openai/v1/models", token)
                                .statusCode()
                        == 401));
        report.put("millisecondsUntilAllRefuseARemovedUser", (System.nanoTime() - began) / 1_000_000);
    }

    /// Two sessions of real agents while one gateway is killed, one is drained, one starts again, the database
    /// restarts, and their user's token is refreshed.
    private void sessions() throws Exception {
        var claude = agent(
                "run",
                "claude",
                "-L",
                "anthropic",
                "-m",
                "claude-sonnet-5-5",
                "--",
                "--dangerously-skip-permissions",
                "-p",
                "work for a while");
        var codex = agent("run", "codex", "-L", "openai", "--", "exec", "--skip-git-repo-check", "work for a while");

        step("start the sessions");
        someTurns(claude, codex);
        gateways.get(0).kill();
        step("kill a gateway");
        someTurns(claude, codex);
        gateways.get(0).start();
        someTurns(claude, codex);
        gateways.get(1).drain();
        step("drain another one");
        check(refreshed(), "a refresh with two gateways");
        someTurns(claude, codex);
        gateways.get(1).start();
        someTurns(claude, codex);
        postgres.down();
        step("end the database");
        someTurns(claude, codex);
        postgres.up();
        step("start the database");
        over = true;
        report(claude, "claude");
        report(codex, "codex");
        check(refreshed(), "a refresh after everything");
    }

    private Future<Agents.Ended> agent(String... command) {
        var session = new FutureTask<>(() -> Agents.run(user.start(command)));
        Thread.ofPlatform().daemon().start(session);
        return session;
    }

    /// Waits until each session has had two answers more.
    private void someTurns(Future<?> claude, Future<?> codex) {
        var turns = claudeTurns.get();
        var others = codexTurns.get();
        Eventually.holds(
                () -> (claudeTurns.get() >= turns + 2 || claude.isDone())
                        && (codexTurns.get() >= others + 2 || codex.isDone()),
                LIMIT,
                () -> "the sessions stand still: %d answers for Claude Code, %d for Codex"
                        .formatted(claudeTurns.get(), codexTurns.get()));
        check(!claude.isDone() && !codex.isDone(), "a session ended early");
    }

    private void report(Future<Agents.Ended> session, String name) throws Exception {
        var ended = session.get(5, TimeUnit.MINUTES);
        report.putObject(name)
                .put("exitCode", ended.exitCode())
                .put("out", ended.out())
                .put("err", ended.err());
    }

    /// Whether the user's sign-in can be refreshed: rpkai does it when the token is old.
    private boolean refreshed() {
        var before = token();
        var result = user.at(() -> Instant.now().plus(Duration.ofMinutes(40)))
                .run("auth", "token", "--refresh-within", "25m");
        user.at(InstantSource.system());
        return result.exitCode() == 0 && !result.out().strip().equals(before);
    }

    /// The calls that the upstream got, and those that are in the usage store once everything is written.
    private void count(RecordingUpstream upstream) {
        var got = upstream.requests().stream().filter(ThreeReplicas::isCall).count();
        Eventually.holds(
                () -> counted() >= got - 5, LIMIT, () -> "%d of %d calls are counted".formatted(counted(), got));
        for (var gateway : gateways) drained(gateway);
        report.put("callsAtTheUpstream", got).put("callsCounted", counted());
        for (var gateway : gateways) started(gateway);
    }

    private static boolean isCall(Recorded call) {
        return call.method().equals("POST") && call.path().matches("/v1/(messages|responses)");
    }

    private long counted() {
        var usage = admin("usage", "--usage-store", state, "-o", "json").out();
        try {
            // The greatest number is that of all of them.
            return new ObjectMapper()
                    .readTree(usage).findValues("requests").stream()
                            .mapToLong(JsonNode::asLong)
                            .max()
                            .orElse(0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void drained(Replica gateway) {
        try {
            gateway.drain();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void started(Replica gateway) {
        try {
            gateway.start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// While the database is away, requests are served and load balancers go on sending them, a sign-in fails for
    /// the moment, and a removed user is one until the database is back.
    private void databaseAway() throws Exception {
        // They started a moment ago.
        everywhere(() -> ready().equals("ok") && allAnswer(200, "openai", "/v1/models"));
        var token = token();
        var refreshToken = credentials().elements().next().path("refresh_token").asText();
        postgres.down();
        step("end the database");
        var statuses = report.putArray("statusesWithoutTheDatabase");
        var ready = report.putArray("readyWithoutTheDatabase");
        var refreshes = report.putArray("refreshesWithoutTheDatabase");
        for (var gateway : gateways) {
            statuses.add(get(gateway.url() + "/llm/v1/providers/openai/v1/models", token)
                    .statusCode());
            ready.add(get(gateway.url() + "/readyz", token).statusCode());
            refreshes.add(refresh(gateway.url() + "/oauth/token", refreshToken).statusCode());
        }
        postgres.up();
        step("start the database");
        everywhere(() -> ready().equals("ok"));
        check(refreshed(), "a refresh after the database was away");
    }

    private String ready() {
        return gateways.stream()
                .map(gateway -> get(gateway.url() + "/readyz", "").body().strip())
                .distinct()
                .collect(Collectors.joining(","));
    }

    private ObjectNode credentials() throws IOException {
        return (ObjectNode) new ObjectMapper()
                .readTree(user.home().resolve(".rpai/credentials").toFile());
    }

    /// Answers both agents: a command to run, as often as a session has turns, then the end.
    private Reply answer(Recorded call) {
        if (call.path().equals("/v1/messages")) {
            if (call.json().path("tools").isEmpty()) return Replies.text("ok").apply(call);
            return (claudeTurns.incrementAndGet() > 0 && !over
                            ? Replies.toolUse("Bash", Map.of("command", "sleep 1", "description", "wait"))
                            : Replies.text("done"))
                    .apply(call);
        }
        return ResponsesReplies.answering(request -> (codexTurns.incrementAndGet() > 0 && !over
                                ? ResponsesReplies.shell("sleep 1")
                                : ResponsesReplies.text("done"))
                        .apply(request))
                .apply(call);
    }

    private static void everywhere(BooleanSupplier condition) {
        Eventually.holds(condition, LIMIT, () -> "not all gateways do");
    }

    private static Machine.Result run(Machine machine, String... command) {
        var result = machine.run(command);
        check(result.exitCode() == 0, String.join(" ", command) + ": " + result.err());
        return result;
    }

    /// Tells whoever waits for the end how far it is.
    private void step(String what) {
        System.err.printf("replicas, after %d s: %s%n", (System.nanoTime() - began) / 1_000_000_000, what);
    }

    private static void check(boolean condition, String what) {
        if (!condition) throw new AssertionError(what);
    }
}
