package lib.agents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Explains a launch: every value in force, where it came from, and what it displaced. A displaced value may be
/// a secret, so only its location is shown.
///
///     Explanation.of(plan, environment, settingsFiles).forEach(System.out::println)
public final class Explanation {
    private static final String ENVIRONMENT = "environment";
    /// The origin of values that the launch sets.
    public static final String LAUNCH = "the launch";

    private Explanation() {}

    /// One value.
    ///
    /// @param name the variable or the settings key
    /// @param value the value in force; `(off)` for a variable that is removed
    /// @param from the origin of the value
    /// @param displaced the places of other values, which have no effect; often empty
    public record Line(String name, String value, String from, List<String> displaced) {}

    /// Explains the variables and the settings of a plan.
    ///
    /// @param inherited the environment that the agent would have inherited
    /// @param files the other settings files that the agent reads
    public static List<Line> of(LaunchPlan plan, Map<String, String> inherited, List<SettingsFile> files) {
        var lines = new ArrayList<Line>();
        var settings = plan.settings().toString();
        plan.env()
                .forEach((name, value) -> lines.add(new Line(
                        name,
                        value.equals(settings) ? "(the settings below)" : value,
                        LAUNCH,
                        displaced(name, inherited, files))));
        plan.secrets()
                .forEach((name, secret) ->
                        lines.add(new Line(name, secret.toString(), LAUNCH, displaced(name, inherited, files))));
        for (var name : plan.unset()) {
            var displaced = displaced(name, inherited, files);
            if (!displaced.isEmpty()) lines.add(new Line(name, "(off)", LAUNCH, displaced));
        }
        lines.addAll(pins(plan, inherited, files));
        settings(List.of(), plan.settings(), files, lines);
        return lines;
    }

    /// Adds one line for each value that is not an object. Variables are explained elsewhere.
    private static void settings(List<String> path, JsonNode node, List<SettingsFile> files, List<Line> lines) {
        if (path.equals(List.of("env"))) return;
        for (var field : node.properties()) {
            var below = Stream.concat(path.stream(), Stream.of(field.getKey())).toList();
            var value = field.getValue();
            if (value.isObject()) settings(below, value, files, lines);
            else
                lines.add(new Line(
                        "settings: " + String.join(".", below),
                        value.isValueNode() ? value.asText() : value.toString(),
                        LAUNCH,
                        where(files, file -> sets(file, below, value))));
        }
    }

    private static boolean sets(SettingsFile file, List<String> path, JsonNode value) {
        var there = file.json();
        for (var key : path) there = there.path(key);
        return !there.isMissingNode() && !there.equals(value);
    }

    /// Explains a configuration file that the launch writes, one line for each key.
    ///
    /// @param toml the file's text
    public static List<Line> ofToml(String toml) {
        try {
            var lines = new ArrayList<Line>();
            flatten("", new TomlMapper().readTree(toml), lines);
            return lines;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a file of our own making is TOML", e);
        }
    }

    private static void flatten(String path, JsonNode node, List<Line> lines) {
        if (!node.isObject())
            lines.add(new Line(
                    "config: " + path, node.isValueNode() ? node.asText() : node.toString(), LAUNCH, List.of()));
        node.properties()
                .forEach(field -> flatten(
                        path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), lines));
    }

    /// Explains the pins that appear nowhere else in the plan and either displace a value or keep one in force.
    private static List<Line> pins(LaunchPlan plan, Map<String, String> inherited, List<SettingsFile> files) {
        var lines = new ArrayList<Line>();
        plan.settings().path("env").properties().forEach(pin -> {
            var name = pin.getKey();
            if (plan.env().containsKey(name)
                    || plan.secrets().containsKey(name)
                    || plan.unset().contains(name)) return;
            var value = pin.getValue().asText();
            var displaced = where(
                    files,
                    file -> file.variable(name)
                            .filter(other -> !other.equals(value))
                            .isPresent());
            if (value.isEmpty() && displaced.isEmpty()) return;
            var from = value.equals(inherited.get(name)) ? ENVIRONMENT : LAUNCH;
            lines.add(new Line(name, value.isEmpty() ? "(off)" : value, from, displaced));
        });
        return lines;
    }

    private static List<String> displaced(String name, Map<String, String> inherited, List<SettingsFile> files) {
        var places = new ArrayList<String>();
        if (inherited.containsKey(name) && !inherited.get(name).isEmpty()) places.add(ENVIRONMENT);
        places.addAll(where(files, file -> file.variable(name).isPresent()));
        return places;
    }

    private static List<String> where(List<SettingsFile> files, Predicate<SettingsFile> has) {
        return files.stream().filter(has).map(file -> file.path().toString()).toList();
    }
}
