package lib.install;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lib.base.Host;
import lib.base.Json;
import lib.base.Sha256;

/// The place from which this rpkai came, in the form that JBang accepts; `upgrade` fetches the newest version
/// from there. JBang does not tell a script by which reference it was started, but keeps a list of the known
/// catalogues, and copies of them.
///
///     InstallSource.find(host)   // Optional[rpkai@org]
///
/// @see <a href="https://www.jbang.dev/documentation/jbang/latest/alias_catalogs.html">JBang's catalogues</a>
public final class InstallSource {
    private static final Pattern APP = Pattern.compile("(?m)^exec jbang run (\\S+) \"\\$@\"$");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._~/-]*");

    private InstallSource() {}

    /// Finds the source: the checkout in this folder, else the reference given to `jbang app install`, else the
    /// only catalogue that has an `rpkai`.
    ///
    /// @return empty if there is no source, or more than one
    public static Optional<String> find(Host host) {
        var jbang = host.variable("JBANG_DIR")
                .map(host.cwd()::resolve)
                .orElse(host.home().resolve(".jbang"));
        return checkout(host).or(() -> app(jbang)).or(() -> catalogue(jbang, host));
    }

    private static Optional<String> checkout(Host host) {
        var script = host.cwd().resolve("rpkai.java");
        return Files.exists(script) && Files.exists(host.cwd().resolve("lib/Rpkai.java"))
                ? Optional.of(script.toString())
                : Optional.empty();
    }

    private static Optional<String> app(Path jbang) {
        var script = APP.matcher(text(jbang.resolve("bin/rpkai")));
        return script.find() ? Optional.of(script.group(1)) : Optional.empty();
    }

    private static Optional<String> catalogue(Path jbang, Host host) {
        var cache = host.variable("JBANG_CACHE_DIR").map(host.cwd()::resolve).orElse(jbang.resolve("cache"));
        var names = new TreeSet<String>();
        for (var file : new String[] {"jbang-catalog.json", "implicit-catalog.json"}) {
            for (var known : json(jbang.resolve(file)).path("catalogs").properties()) {
                var copy = copy(known.getValue().path("catalog-ref").asText(""), cache);
                var alias = copy.map(InstallSource::json)
                        .map(catalogue -> catalogue
                                .path("aliases")
                                .path("rpkai")
                                .path("script-ref")
                                .asText(""))
                        .orElse("");
                if (NAME.matcher(known.getKey()).matches()
                        && Stream.of(alias.split("/")).anyMatch("rpkai.java"::equals))
                    names.add("rpkai@" + known.getKey());
            }
        }
        return names.size() == 1 ? Optional.of(names.first()) : Optional.empty();
    }

    /// A catalogue on this machine, or JBang's copy of a remote one, which is in a folder named after its URL's
    /// digest.
    private static Optional<Path> copy(String reference, Path cache) {
        try {
            if (!reference.contains("://"))
                return Optional.of(Path.of(reference)).filter(Files::isRegularFile);
            return Optional.of(
                    cache.resolve("urls").resolve(Sha256.hex(reference)).resolve("jbang-catalog.json"));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static JsonNode json(Path file) {
        try {
            return Json.read(text(file));
        } catch (IOException notJson) {
            return MissingNode.getInstance();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
