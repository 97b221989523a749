package tests.e2e.scale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Eventually;
import tests.support.Machine;
import tests.support.OwnCertificate;
import tests.support.Postgres;
import tests.support.Repository;

/// Follows `docs/scale.md` from its beginning: every command and every configuration, with other addresses.
@Tag("e2e")
class ScalePageTest {
    private static final Pattern COMMANDS = Pattern.compile("(?ms)^```sh\\R(.*?)^```");
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    Path temp;

    private Postgres postgres;
    private Machine machine;
    private OwnCertificate certificate;
    private int port;
    private String key = "";
    private final List<Process> gateways = new ArrayList<>();
    private final List<String> authorities = new ArrayList<>();
    private final List<String> ran = new ArrayList<>();

    @BeforeEach
    void machine() throws Exception {
        postgres = Postgres.start();
        machine = new Machine(temp.resolve("machine"));
        certificate = OwnCertificate.in(temp);
        machine.with("SSL_CERT_FILE", certificate.chain().toString());
        machine.program("claude", "[ \"$1\" = --version ] && echo 99.0.0 || echo launched\n");
        machine.with("PATH", temp.resolve("machine/bin") + ":/usr/bin:/bin");
        port = LoadBalancer.freePort();
    }

    @AfterEach
    void stop() throws Exception {
        gateways.forEach(Process::destroyForcibly);
        for (var gateway : gateways) gateway.waitFor();
        postgres.close();
    }

    @Test
    void itsCommandsSetUpTwoGatewaysBehindNginxAndBehindHaproxy() throws Exception {
        createTheDatabase();
        var lines = COMMANDS.matcher(Files.readString(Repository.root().resolve("docs/scale.md")))
                .results()
                .flatMap(block -> block.group(1).lines())
                .toList();
        int start = lines.indexOf(lines.stream()
                .filter(line -> line.startsWith("rpkai gateway --"))
                .findFirst()
                .orElseThrow());
        for (var line : lines.subList(0, start + 1)) run(line);
        var rest = lines.subList(start + 1, lines.size());

        try (var _ = LoadBalancer.nginx(folder("nginx"), port, authorities, certificate)) {
            for (var line : rest) run(line);
        }
        try (var _ = LoadBalancer.haproxy(folder("haproxy"), port, authorities, certificate)) {
            // What was set up is still there.
            for (var line : rest) if (line.matches("rpkai (auth|run) .*")) run(line);
        }
        assertTrue(ran.size() > 10, ran.toString());
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(temp.resolve(name));
    }

    /// The server's administrator is called as the page's role is; so the role gets another name.
    private void createTheDatabase() throws Exception {
        try (var sql = DriverManager.getConnection(
                        "jdbc:" + postgres.url().toString().replace("rpkai@", ""),
                        "rpkai",
                        Postgres.PASSWORD.reveal());
                var statement = sql.createStatement()) {
            for (var each : LoadBalancer.block("sql").replace("rpkai", "team").split(";\\R")) statement.execute(each);
        }
    }

    private void run(String line) throws Exception {
        ran.add(line);
        var here = line.replaceFirst(
                        "rpkai@db\\.example\\.com/rpkai",
                        "team@" + postgres.url().getAuthority().replaceFirst(".*@", "") + "/team")
                .replace("https://aigw.example.com", "https://localhost:" + port)
                .replace("10.0.0.0/24", "127.0.0.0/8");
        if (line.startsWith("export ")) {
            var assignment = line.substring("export ".length()).split("=", 2);
            machine.with(assignment[0], assignment[1]);
        } else if (!line.startsWith("rpkai ")) {
            var ended =
                    machine.process(List.of("/bin/sh", "-c", here)).inheritIO().start();
            assertEquals(0, ended.waitFor(), line);
        } else {
            var words = Arrays.asList(here.split(" ")).subList(1, here.split(" ").length);
            if (line.startsWith("rpkai gateway --")) for (int i = 0; i < 2; i++) startGateway(words);
            else if (line.startsWith("rpkai auth login")) signIn(words);
            else if (line.startsWith("rpkai run")) launch(words);
            else {
                var result = machine.typing("a-key-of-the-upstream\n").run(words.toArray(String[]::new));
                assertEquals(0, result.exitCode(), line + ": " + result.err());
                if (line.contains("user add")) key = result.out().strip();
            }
        }
    }

    private void startGateway(List<String> words) throws IOException {
        var here = new ArrayList<>(words);
        here.set(here.indexOf("--listen") + 1, "127.0.0.1:0");
        var log = temp.resolve("gateway%d.log".formatted(gateways.size()));
        var gateway = machine.start(here.toArray(String[]::new))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        gateways.add(gateway);
        var listening = Pattern.compile("listens on http://(\\S+)\\R");
        Eventually.holds(
                () -> !gateway.isAlive() || listening.matcher(read(log)).find(), LIMIT, () -> read(log));
        assertTrue(gateway.isAlive(), read(log));
        authorities.add(
                listening.matcher(read(log)).results().findFirst().orElseThrow().group(1));
    }

    private void signIn(List<String> words) throws Exception {
        var command = new ArrayList<>(words);
        command.add("--no-browser");
        var login = machine.start(command.toArray(String[]::new)).start();
        var lines = new BufferedReader(new InputStreamReader(login.getErrorStream(), StandardCharsets.UTF_8));
        var said = new StringBuilder();
        var page = lines.readLine();
        while (page != null && !page.contains("user_code=")) {
            said.append(page).append('\n');
            page = lines.readLine();
        }
        assertTrue(page != null, said.toString());
        var form = page.strip().replaceFirst(".*\\?", "") + "&name=ada@example.com&decision=approve&key="
                + URLEncoder.encode(key, StandardCharsets.UTF_8);
        try (var browser =
                HttpClient.newBuilder().sslContext(certificate.trusting()).build()) {
            var approved = browser.send(
                    HttpRequest.newBuilder(URI.create(page.strip().replaceFirst("\\?.*", "")))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString(form))
                            .build(),
                    BodyHandlers.ofString());
            assertEquals(200, approved.statusCode(), approved.body());
        }
        assertTrue(login.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS));
        assertEquals(0, login.exitValue());
    }

    private void launch(List<String> words) throws Exception {
        var agent = machine.start(words.toArray(String[]::new))
                .redirectErrorStream(true)
                .start();
        var said = new String(agent.getInputStream().readAllBytes());
        assertEquals(0, agent.waitFor(), said);
        assertTrue(said.contains("launched"), said);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
