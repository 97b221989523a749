package tests.startup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.BiPredicate;
import lib.agents.process.RunningProcess;
import lib.base.Host;
import lib.startup.CacheChoice;
import lib.startup.shortcut.NamesShortcut;
import lib.startup.shortcut.TokenShortcut;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.ProviderJson;

/// The command lines that are answered before the command line is loaded, against the full command: a shortcut
/// prints the same, or nothing.
class ShortcutsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final String ISSUER = "http://127.0.0.1:9/issuer";

    private final RandomInput random = new RandomInput();

    @TempDir
    Path temp;

    @Test
    void theShortcutPrintsTheSameTokenAsTheCommandOrNone() throws IOException {
        int answered = 0;
        for (int i = 0; i < 3_000; i++) {
            var machine = machine(i);
            var config = config();
            var credentials = credentials();
            machine.write("home/.rpai/config", config);
            machine.write("home/.rpai/credentials", credentials);
            machine.write("work/other", config());
            if (random.rarely(12))
                Files.setPosixFilePermissions(
                        machine.home().resolve(".rpai/" + random.one("config", "credentials")),
                        PosixFilePermissions.fromString(random.one("rw-r--r--", "rw-rw-rw-", "r--------")));
            var variables = variables(machine);
            var line = tokenLine(random.one("90", "10m", "1h", duration()));
            if (isAnsweredAlike(
                    machine,
                    TokenShortcut::print,
                    String.join("\n", config, credentials, variables, Arrays.toString(line)),
                    line)) answered++;
        }
        assertTrue(answered > 60, "only " + answered);
    }

    @Test
    void theShortcutReadsADurationAsTheCommandDoes() {
        var machine = machine(0);
        machine.write("home/.rpai/config", "current: prod\nprofiles:\n  prod:\n    organization: org_123\n");
        int answered = 0;
        for (int i = 0; i < 1_500; i++) {
            // Near the token's remaining lifetime, so that a wrongly read duration changes the answer.
            int left = random.one(1, 59, 60, 61, 600, 3_599, 3_600, 3_601, 5_000, 36_000);
            machine.write("home/.rpai/credentials", entry("org_123", ISSUER, token(left - 200_000L, left)));
            var duration = random.one(
                    duration(),
                    String.valueOf(left - 1 + random.below(3)),
                    left - 1 + random.below(3) + "s",
                    left / 60 + random.below(2) + "m",
                    left / 3_600 + random.below(2) + "h");
            if (isAnsweredAlike(
                    machine,
                    TokenShortcut::print,
                    "%s with %d s left".formatted(duration, left),
                    "auth",
                    "token",
                    "--refresh-within",
                    duration)) answered++;
        }
        assertTrue(answered > 200, "only " + answered);
    }

    @Test
    void namesAreThoseThatTheCommandPrintedOrNone() throws IOException {
        try (var gateway = FakeGateway.start()
                .provider(ProviderJson.anthropic("claude", "sonnet", "opus:1"))
                .provider(ProviderJson.openai("gpt"))
                .provider(ProviderJson.bedrock("aws", "eu-west-1"))) {
            var machine = new Machine(temp)
                    .profile("prod", "ai_gateway_url: %s\n".formatted(gateway.url()))
                    .with("RPAI_TOKEN", "t");
            machine.write("work/other", "current: x\nprofiles:\n  x:\n    ai_gateway_url: http://127.0.0.1:9\n");
            int answered = 0;
            for (int i = 0; i < 60; i++) {
                var words = new ArrayList<>(List.of("completion", "--names"));
                words.add(random.one("PROVIDER", "PROVIDER", "MODEL", "SERVER", "ENVIRONMENT", "X", "provider"));
                words.addAll(List.of("--for", random.one("", "claude", "codex", "gpt", "aws", "mcp")));
                if (random.rarely(3)) words.addAll(List.of("-p", random.one("prod", "gone", "")));
                if (random.rarely(4)) words.addAll(List.of("-s", gateway.url().toString()));
                if (random.rarely(4)) words.addAll(List.of("-c", random.one("other", "~/.rpai/config", "gone")));
                if (random.rarely(8)) words.addAll(List.of(random.one("-v", "-o", "--profile"), "x"));
                var line = words.toArray(String[]::new);
                var full = machine.run(line);
                var fast = shortcut(machine, NamesShortcut::print, line);
                if (!NamesShortcut.isAsked(line) || fast.isEmpty()) continue;
                answered++;
                assertEquals(full, new Machine.Result(0, fast, ""), random.about(String.join(" ", line)));
            }
            assertTrue(answered > 5, "only " + answered);
        }
    }

    @Test
    void theShellChoosesTheFastestCacheForTheShortcuts() throws Exception {
        var script = new StringBuilder("choose() {\n")
                .append(CacheChoice.script(cache -> "echo " + cache + "; return 0"))
                .append("}\n");
        var lines = new ArrayList<String[]>();
        for (int i = 0; i < 3_000; i++) {
            var line = random.rarely(2) ? tokenLine(duration()) : commandLine();
            lines.add(line);
            script.append("choose");
            for (var word : line)
                script.append(" '").append(word.replace("'", "'\\''")).append('\'');
            script.append('\n');
        }
        var shell = new ProcessBuilder(
                "/bin/sh", Files.writeString(temp.resolve("script"), script).toString());
        shell.environment().keySet().removeIf(name -> name.startsWith("RPAI_"));
        var process = shell.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var chosen = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(0, process.waitFor());
        assertEquals(lines.size(), chosen.size(), random.about(script.toString()));

        int quick = 0;
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            var about = random.about(Arrays.toString(line));
            if (isShortcut(line)) {
                quick++;
                assertEquals("QUICK", chosen.get(i), about);
            } else if (List.of("run", "explain").contains(line[0])) {
                assertEquals("LAUNCHES", chosen.get(i), about);
            } else if (line[0].matches("[a-z]+")
                    && !List.of("auth", "completion").contains(line[0])) {
                assertEquals("COMMANDS", chosen.get(i), about);
            }
        }
        assertTrue(quick > 100, "only " + quick);
    }

    private static boolean isShortcut(String... line) {
        return TokenShortcut.isAsked(line)
                || NamesShortcut.isAsked(line)
                || line.length == 1 && List.of("version", "--help", "-h").contains(line[0]);
    }

    private boolean isAnsweredAlike(
            Machine machine, BiPredicate<Host, String[]> shortcut, String about, String... line) {
        var fast = shortcut(machine, shortcut, line);
        if (fast.isEmpty()) return false;
        assertEquals(machine.run(line), new Machine.Result(0, fast, ""), random.about(about));
        return true;
    }

    private static String shortcut(Machine machine, BiPredicate<Host, String[]> shortcut, String... line) {
        var out = new ByteArrayOutputStream();
        var host = machine.host();
        var captured = new Host(
                host.env(),
                new Host.Folders(host.home(), host.cwd(), host.root()),
                new Host.Streams(host.in(), new PrintStream(out, true, StandardCharsets.UTF_8), host.err(), false),
                host.clock());
        var answered = shortcut.test(captured, line);
        if (!answered) assertEquals(0, out.size());
        return out.toString(StandardCharsets.UTF_8);
    }

    /// Its servers do not answer: a full command that needs more than its files fails at once.
    private Machine machine(int i) {
        return new Machine(temp.resolve("m" + i))
                .at(() -> NOW)
                .with("RPAI_ISSUER", ISSUER)
                .with("RPAI_CLOUD_API_URL", "http://127.0.0.1:9");
    }

    private String config() {
        var issuer = random.one("", "", "    issuer: " + random.one(ISSUER, ISSUER + "/", "http://127.0.0.1:9") + "\n");
        var yaml = random.one(
                        "current: prod\n",
                        "current: prod\n",
                        "current: prod\n",
                        "",
                        "current: other\n",
                        "current: 'prod'\n")
                + "profiles:\n  prod:\n"
                + random.one(
                        "    organization: org_123\n",
                        "    organization: org_123\n",
                        "    organization: org_123\n",
                        "",
                        "    organization: org_9\n")
                + random.one(
                        "",
                        "    auth_mode: device\n",
                        "    auth_mode: device\n",
                        "    auth_mode: none\n",
                        "    auth_mode: Device\n")
                + "    ai_gateway_url: http://127.0.0.1:9\n"
                + issuer
                + random.one("", "  other:\n    organization: org_9\n")
                + random.one("", "", "cloud:\n  issuer: " + random.one(ISSUER, "http://127.0.0.1:9/x") + "\n");
        return random.rarely(8) ? random.damaged(yaml, " :#'\"\n-x7") : yaml;
    }

    private String credentials() {
        var organization = random.one("org_123", "org_123", "org_123", "org_123", "org_9", "service-account:x");
        var json = entry(
                organization,
                random.one(ISSUER, ISSUER, ISSUER, ISSUER, ISSUER, ISSUER, ISSUER + "/", "http://127.0.0.1:9"),
                anyToken());
        if (random.rarely(4))
            json = json.replaceFirst("\\}$", ", ")
                    + entry(random.one("org_9", "org_123", "x"), ISSUER, anyToken())
                            .substring(1);
        return random.rarely(8) ? random.damaged(json, "{}:,\"\\ .a0") : json;
    }

    private static String entry(String organization, String issuer, String token) {
        var json = "{'%s': {'access_token': '%s', 'refresh_token': 'r', 'issuer': '%s', 'signed_in_at': 1}}";
        return json.replace('\'', '"').formatted(organization, token, issuer);
    }

    private String anyToken() {
        if (random.rarely(10)) return random.one("opaque", "a.b.c", "..", "a b.c.d", "");
        int left = random.one(-1, 0, 1, 60, 61, 600, 601, 1_800, 3_600, 36_001, 40_000, 80_000);
        return token(left - random.one(1, 100, 120, 3_600, 7_200, 86_400), left);
    }

    /// @param issued seconds from now, as `expires`
    private String token(long issued, long expires) {
        var claims = random.rarely(10)
                ? random.one("{}", "{\"exp\":%2$d}", "{\"iat\":\"%d\",\"exp\":%d}", "{\"iat\":%d.5,\"exp\":%d}")
                : "{\"iat\":%d,\"exp\":%d}";
        return part("{\"alg\":\"none\"}")
                + "."
                + part(claims.formatted(NOW.getEpochSecond() + issued, NOW.getEpochSecond() + expires))
                + ".c2ln";
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private String variables(Machine machine) {
        var set = new StringBuilder();
        for (var variable : List.of(
                List.of("RPAI_PROFILE", "", "prod", "other", "gone"),
                List.of("RPAI_ISSUER", "", ISSUER, ISSUER + "/", "http://127.0.0.1:9"),
                List.of("RPAI_FORMAT", "", "json", "table", "xml", "JSON"),
                List.of("RPAI_TOKEN", "", "t", " "),
                List.of("RPAI_VERBOSE", "", "0", "1", "false"),
                List.of("RPAI_SERVICE_ACCOUNT_ID", "", "a"),
                List.of("RPAI_SERVICE_ACCOUNT_SECRET", "", "a"),
                List.of("RPAI_CONFIG", "", "~/.rpai/config", "other", "gone"),
                List.of("RPAI_CREDENTIALS", "", "~/.rpai/credentials", "gone"))) {
            if (!random.rarely(20)) continue;
            var value = random.one(variable.subList(1, variable.size()));
            machine.with(variable.getFirst(), value);
            set.append(variable.getFirst()).append('=').append(value).append(' ');
        }
        return set.toString();
    }

    private String[] tokenLine(String duration) {
        var words = new ArrayList<String>();
        if (random.rarely(4)) words.addAll(List.of("--config", random.one("~/.rpai/config", "other", "gone", "-x")));
        if (random.rarely(4))
            words.addAll(List.of("--profile", random.one("prod", "prod", "other", "gone", "", "a b")));
        if (random.rarely(20)) words.add(random.one("-v", "--no-color", "--token", "-o"));
        words.addAll(List.of("auth", "token"));
        if (random.rarely(2)) words.addAll(List.of("--refresh-within", duration));
        if (random.rarely(4))
            words.addAll(List.of(
                    "--while-running",
                    random.one(RunningProcess.current().orElseThrow().text(), "1:1", "x", "1")));
        return words.toArray(String[]::new);
    }

    private String[] commandLine() {
        var line = random.one(
                "version",
                "--help",
                "-h",
                "version -o json",
                "llm list",
                "auth status",
                "run claude -L demo",
                "-p prod run claude",
                "explain claude",
                "completion --names PROVIDER --for claude",
                "completion --names MODEL --for gpt -p prod",
                "completion bash",
                "usage --by user",
                "run exec -- auth token");
        return line.split(" ");
    }

    private String duration() {
        var digits = random.one("0", "1", "9", "60", "090", "3600", "999999", "1000000", "99999999999", "");
        return random.one("", "", "", " ", "+", "-", "PT", "1h", "\u0663")
                + digits
                + random.one("", "s", "m", "h", "S", "d", "ms", ".5s", "m30s", " ");
    }
}
