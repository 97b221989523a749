package lib.cli.connect;

import static lib.cli.connect.ConnectTarget.quoted;

import lib.api.type.ProviderSpec;

/// Snippets for the vendors' own libraries, in Python and Node. The program gets one token at its start and
/// does not renew it.
final class Sdk {
    private Sdk() {}

    static Snippet python(ConnectTarget target) {
        var token = target.tokenCommand().isEmpty()
                ? "token = \"none\"\n"
                : "token = subprocess.run(%s, check=True, capture_output=True, text=True).stdout.strip()\n"
                        .formatted(target.list(target.tokenCommand()));
        var sample = target.spec().client().samples().python();
        return new Snippet("python", "Python", own(target, "#") + filled(sample, token, target));
    }

    static Snippet node(ConnectTarget target) {
        var command = target.tokenCommand();
        var token = command.isEmpty()
                ? "const token = \"none\";\n"
                : "const token = execFileSync(%s, %s, { encoding: \"utf8\" }).trim();\n"
                        .formatted(quoted(command.getFirst()), target.list(command.subList(1, command.size())));
        var sample = target.spec().client().samples().node();
        return new Snippet("node", "Node, as a module (.mjs)", own(target, "//") + filled(sample, token, target));
    }

    private static String filled(ProviderSpec.SdkSample sample, String token, ConnectTarget target) {
        var url = target.proxy() + target.spec().client().base();
        return ConnectTarget.PLACEHOLDER
                .matcher(sample.text())
                .replaceAll(found -> ConnectTarget.literal(
                        switch (found.group(1)) {
                            case "token" -> token;
                            case "url" -> quoted(url);
                            case "auth" -> target.passthrough() ? sample.beside() : sample.key();
                            case "region" -> quoted(target.region());
                            default -> quoted(target.model());
                        }));
    }

    private static String own(ConnectTarget target, String comment) {
        return target.passthrough()
                ? "%s passthrough: your own credential is read from %s, as usual\n"
                        .formatted(comment, target.spec().client().variables().own())
                : "";
    }
}
