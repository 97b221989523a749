package lib.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import lib.base.UserError;

/// A template of `rpkai new`. `jbang init` offers the same templates through the catalogue.
///
///     ScriptTemplate.of("launch").files("my-claude", "rpkai-library@org")   // {my-claude.java=…}
///
/// @see <a href="https://www.jbang.dev/documentation/jbang/latest/templates.html">JBang's templates</a>
public enum ScriptTemplate {
    /// A launch script.
    LAUNCH(Map.of(".java", "launch.java.qute")),
    /// A launch script and its test.
    LAUNCH_TESTED(Map.of(".java", "launch.java.qute", "_test.java", "launch-test.java.qute")),
    /// A file of providers for `rpkai gateway -f`.
    PROVIDERS(Map.of(".yaml", "providers.yaml.qute"));

    private final Map<String, String> sources;

    /// @param sources the resources, by the suffixes of the files' names
    ScriptTemplate(Map<String, String> sources) {
        this.sources = sources;
    }

    /// The template with this name.
    ///
    /// @throws UserError for any other name
    public static ScriptTemplate of(String name) {
        return Arrays.stream(values())
                .filter(template -> template.label().equals(name))
                .findFirst()
                .orElseThrow(() -> UserError.usage(
                        "unknown template \"%s\"".formatted(name),
                        "use one of "
                                + Arrays.stream(values())
                                        .map(ScriptTemplate::label)
                                        .collect(Collectors.joining(", "))));
    }

    /// The template's name.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The files of the template, the script first.
    ///
    /// @param name the script's name, without a suffix
    /// @param library the library that the script names in `//SOURCES`
    /// @return the files' texts by their names
    public Map<String, String> files(String name, String library) {
        var identifier = name.replaceAll("[^A-Za-z0-9_]", "_").replaceFirst("^(?=[0-9])", "_");
        var files = new LinkedHashMap<String, String>();
        sources.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(source ->
                        files.put(name + source.getKey(), filled(text(source.getValue()), name, identifier, library)));
        return files;
    }

    /// Fills in a template. It supports the part of Qute that the templates use: a name in braces is a value,
    /// and a brace after a backslash is a literal brace.
    private static String filled(String text, String name, String identifier, String library) {
        return text.replace("{baseName}.java", name + ".java")
                .replace("{baseName}_test.java", name + "_test.java")
                .replace("{baseName}.yaml", name + ".yaml")
                .replace("{baseName}", identifier)
                .replace("{library}", library)
                .replace("\\{", "{");
    }

    private static String text(String resource) {
        try (var in = ScriptTemplate.class.getResourceAsStream("/templates/" + resource)) {
            if (in == null)
                throw new UserError(
                        "this copy of rpkai contains no templates",
                        "run it through JBang, or use jbang init --template=rpkai-launch@org my_claude.java");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UserError(
                    "the template %s is not readable (%s)".formatted(resource, e.getMessage()), "install rpkai again");
        }
    }
}
