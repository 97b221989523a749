package lib.gateway.ui;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;
import lib.base.Sha256;

/// A file of the page, read from the class path on first use. The page has no inline code and nothing from other
/// hosts, and its content security policy enforces that.
///
///     PageFile.at("/ui/page.css").orElseThrow().send(request, response)
///
/// @see <a href="https://www.w3.org/TR/CSP3/">Content Security Policy</a>
record PageFile(String type, byte[] content, byte[] gzipped, String tag) {
    /// The path of Chart.js in its WebJar.
    private static final String CHARTS = "/META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.min.js";
    private static final Map<String, String> RESOURCES = Map.ofEntries(
            Map.entry("/ui", "page.html"),
            Map.entry("/ui/page.css", "page.css"),
            Map.entry("/ui/icon.svg", "icon.svg"),
            Map.entry("/ui/charts.js", CHARTS),
            Map.entry("/ui/theme.js", "theme.js"),
            Map.entry("/ui/page.js", "page.js"),
            Map.entry("/ui/state.js", "state.js"),
            Map.entry("/ui/gateway.js", "gateway.js"),
            Map.entry("/ui/format.js", "format.js"),
            Map.entry("/ui/chart.js", "chart.js"),
            Map.entry("/ui/table.js", "table.js"),
            Map.entry("/ui/fold.js", "fold.js"),
            Map.entry("/ui/filters.js", "filters.js"));
    private static final Map<String, String> TYPES = Map.of(
            "html",
            "text/html; charset=utf-8",
            "css",
            "text/css; charset=utf-8",
            "js",
            "text/javascript; charset=utf-8",
            "svg",
            "image/svg+xml");
    private static final Map<String, String> HEADERS = Map.of(
            "content-security-policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                            + "require-trusted-types-for 'script'",
            "referrer-policy", "no-referrer",
            "x-content-type-options", "nosniff",
            "x-frame-options", "DENY",
            "cross-origin-opener-policy", "same-origin",
            "cross-origin-resource-policy", "same-origin");
    private static final Map<String, PageFile> READ = new ConcurrentHashMap<>();

    /// Returns the file for a path of the gateway; empty if there is none.
    static Optional<PageFile> at(String path) {
        return Optional.ofNullable(RESOURCES.get(path)).map(name -> READ.computeIfAbsent(name, PageFile::read));
    }

    void send(ServerRequest request, ServerResponse response) {
        HEADERS.forEach((name, value) -> response.header(HeaderNames.create(name), value));
        response.header(HeaderNames.ETAG, tag)
                .header(HeaderNames.CACHE_CONTROL, "no-cache")
                .header(HeaderNames.VARY, "Accept-Encoding");
        if (has(request.headers().all(HeaderNames.IF_NONE_MATCH, List::of), tag)) {
            response.status(Status.NOT_MODIFIED_304).send();
            return;
        }
        response.header(HeaderNames.CONTENT_TYPE, type);
        if (has(request.headers().all(HeaderNames.ACCEPT_ENCODING, List::of), "gzip"))
            response.header(HeaderNames.CONTENT_ENCODING, "gzip").send(gzipped);
        else response.send(content);
    }

    private static boolean has(List<String> values, String wanted) {
        return values.stream().anyMatch(value -> value.contains(wanted));
    }

    private static PageFile read(String name) {
        try (var file = PageFile.class.getResourceAsStream(name)) {
            if (file == null) throw new IllegalStateException(name + " is not on the class path");
            var content = file.readAllBytes();
            var gzipped = new ByteArrayOutputStream();
            try (var zip = new GZIPOutputStream(gzipped)) {
                zip.write(content);
            }
            var tag = '"' + Sha256.hex(content).substring(0, 16) + '"';
            return new PageFile(
                    TYPES.get(name.substring(name.lastIndexOf('.') + 1)), content, gzipped.toByteArray(), tag);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
