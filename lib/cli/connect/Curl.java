package lib.cli.connect;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import lib.api.type.ProviderSpec;
import lib.base.ShellWord;

/// A snippet with one request by curl. curl reads the headers with a token from stdin, because every user of
/// the machine can see arguments.
final class Curl {
    private Curl() {}

    static Snippet of(ConnectTarget target) {
        var sample = target.spec().client().samples().curl();
        var request = sample.request();
        var model = URLEncoder.encode(target.model(), StandardCharsets.UTF_8);
        var url = target.proxy() + filled(request.path(), model);
        var body = filled(request.body(), ConnectTarget.quoted(target.model())).replace("'", "'\\''");
        return new Snippet(
                "curl",
                "curl",
                header(target, sample)
                        + "curl -sS %s \\\n%s  -H 'Content-Type: application/json' \\\n  -d '%s'\n"
                                .formatted(ShellWord.quote(url), options(target, request), body));
    }

    private static String filled(String text, String model) {
        return text.replace("{model}", model);
    }

    private static String header(ConnectTarget target, ProviderSpec.CurlSample sample) {
        if (target.tokenCommand().isEmpty()) return "";
        var header = (target.passthrough() ? "X-Redpanda-Cloud-Token: " : sample.tokenHeader()) + "%s\\n";
        // The caller's own credential is beside it, in the variable that its vendor's tools use.
        return target.passthrough()
                ? "printf '%sAuthorization: Bearer %%s\\n' \"%s\" \"$%s\" |\n"
                        .formatted(
                                header,
                                target.shellToken(),
                                target.spec().client().variables().own())
                : "printf '%s' \"%s\" |\n".formatted(header, target.shellToken());
    }

    private static String options(ConnectTarget target, ProviderSpec.SampleRequest request) {
        var lines = new ArrayList<String>();
        if (!target.tokenCommand().isEmpty()) lines.add("-H @-");
        request.headers().forEach((name, value) -> lines.add("-H '%s: %s'".formatted(name, value)));
        return lines.stream().map(line -> "  " + line + " \\\n").reduce("", String::concat);
    }
}
