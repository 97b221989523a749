package lib.gateway.issuer;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import lib.base.Sha256;

/// The page on which a user approves a device: a form and its outcome. It has no script and no cookie, and loads
/// nothing.
final class ApprovalPage {
    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: light-dark(#1a1c1f, #e9eaec); --ground: light-dark(#f4f4f2, \
            #17181b); --card: light-dark(#fff, #212327);
              --line: light-dark(#8a8f98, #767b85); --quiet: light-dark(#555b65, #a9afba); --deed: \
            light-dark(#1f5fbf, #8ab4f8); --on-deed: light-dark(#fff, #10131a); --bad: light-dark(#b3261e, #ff8a80) }
            * { box-sizing: border-box }
            body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: \
            var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
            main { width: 100%; max-width: 26rem; padding: 2rem; background: var(--card); border-radius: .75rem; \
            box-shadow: 0 1px 3px #0003 }
            h1 { margin: 0 0 .5rem; font-size: 1.4rem; line-height: 1.25 }
            p { margin: 0 0 1rem; color: var(--quiet) }
            p.bad { color: var(--bad) }
            label { display: block; margin-bottom: 1rem; font-weight: 600 }
            input { display: block; width: 100%; margin-top: .25rem; padding: .6rem .7rem; font: inherit; \
            font-weight: 400; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: \
            .4rem }
            input[name=user_code] { font-family: ui-monospace, monospace; font-size: 1.25rem; letter-spacing: .12em; \
            text-transform: uppercase }
            .deeds { display: flex; gap: .75rem; margin-top: 1.5rem }
            button { flex: 1; padding: .65rem; font: inherit; font-weight: 600; color: inherit; background: \
            transparent; border: 1px solid var(--line); border-radius: .4rem; cursor: pointer }
            button[value=approve] { flex: 2; color: var(--on-deed); background: var(--deed); border-color: var(--deed) }
            :focus-visible { outline: 3px solid var(--deed); outline-offset: 2px }
            """;

    private static final Map<String, String> HEADERS = Map.of(
            "content-security-policy",
                    "default-src 'none'; style-src '%s'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
                            .formatted(sha256(STYLE)),
            "content-type", "text/html; charset=utf-8",
            "cache-control", "no-store",
            // With no-referrer a browser would send "Origin: null" with the form.
            "referrer-policy", "same-origin",
            "x-content-type-options", "nosniff",
            "x-frame-options", "DENY",
            "cross-origin-opener-policy", "same-origin");

    private ApprovalPage() {}

    /// Sends the form.
    ///
    /// @param code the user code to show; may be empty
    /// @param name the name to show; may be empty
    /// @param wrong the error of the last try; empty for the first
    static void form(ServerResponse response, int status, String gateway, String code, String name, String wrong) {
        send(response, status, "Approve a sign-in", """
                <h1>Approve a sign-in</h1>
                <p>to the AI Gateway at %s. Go on only if you started it yourself and your terminal shows this code.</p>
                %s<form method="post" action="/device">
                <label>Code <input name="user_code" value="%s" required autocomplete="off" \
                autocapitalize="characters" spellcheck="false"%s></label>
                <label>Name or email <input name="name" value="%s" required autocomplete="username" \
                autocapitalize="none" spellcheck="false"%s></label>
                <label>Sign-in key <input name="key" type="password" autocomplete="current-password"></label>
                <div class="deeds"><button name="decision" value="approve">Approve</button><button name="decision" \
                value="deny" formnovalidate>Deny</button></div>
                </form>
                """.formatted(
                        escaped(gateway),
                        wrong.isEmpty() ? "" : "<p class=\"bad\" role=\"alert\">" + escaped(wrong) + "</p>\n",
                        escaped(code),
                        code.isEmpty() ? " autofocus" : "",
                        escaped(name),
                        code.isEmpty() ? "" : " autofocus"));
    }

    /// Sends the outcome.
    static void outcome(ServerResponse response, int status, String title, String text) {
        send(
                response,
                status,
                title,
                "<h1>%s</h1>\n<p role=\"status\">%s</p>\n".formatted(escaped(title), escaped(text)));
    }

    private static void send(ServerResponse response, int status, String title, String main) {
        HEADERS.forEach((name, value) -> response.header(header(name), value));
        response.status(Status.create(status))
                .send("""
                <!doctype html>
                <html lang="en">
                <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, \
                initial-scale=1"><title>%s</title><style>%s</style></head>
                <body><main>
                %s</main></body>
                </html>
                """.formatted(escaped(title), STYLE, main).getBytes(StandardCharsets.UTF_8));
    }

    private static HeaderName header(String name) {
        return HeaderNames.create(name);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String sha256(String text) {
        return "sha256-" + Base64.getEncoder().encodeToString(Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
    }
}
