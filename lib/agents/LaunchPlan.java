package lib.agents;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import lib.base.Secret;
import lib.base.UserError;

/// Everything about a launch, decided and not yet done: pure data, made by a pure function, printed by
/// `--print-settings`, compared by tests, carried out by the [Launcher] alone.
///
///     plan.environment(System.getenv())   // what the agent will see
///
/// @param argv the agent's command line; the first word is its name on the PATH
/// @param env variables to set
/// @param secrets variables to set whose values must not be seen
/// @param unset variables to remove, less those that are set
/// @param settings the settings overlay that goes in `--settings`; empty for an agent that takes none
/// @param files files to make before the agent starts, for their owner's eyes only; nothing secret is in them
/// @param links links to make before the agent starts
/// @param warnings lines for stderr
public record LaunchPlan(
        List<String> argv,
        Map<String, String> env,
        Map<String, Secret> secrets,
        SortedSet<String> unset,
        ObjectNode settings,
        Map<Path, String> files,
        Links links,
        List<String> warnings) {

    public LaunchPlan {
        argv = List.copyOf(argv);
        env = new TreeMap<>(env);
        secrets = new TreeMap<>(secrets);
        unset = new TreeSet<>(unset);
        unset.removeAll(env.keySet());
        unset.removeAll(secrets.keySet());
        settings = settings.deepCopy();
        files = new TreeMap<>(files);
        warnings = List.copyOf(warnings);
    }

    /// A launch that makes no files.
    public LaunchPlan(
            List<String> argv,
            Map<String, String> env,
            Map<String, Secret> secrets,
            SortedSet<String> unset,
            ObjectNode settings,
            List<String> warnings) {
        this(argv, env, secrets, unset, settings, Map.of(), warnings);
    }

    /// A launch that makes no links.
    public LaunchPlan(
            List<String> argv,
            Map<String, String> env,
            Map<String, Secret> secrets,
            SortedSet<String> unset,
            ObjectNode settings,
            Map<Path, String> files,
            List<String> warnings) {
        this(argv, env, secrets, unset, settings, files, Links.NONE, warnings);
    }

    /// The environment of the agent: the inherited one, less what is removed, with what is set.
    public Map<String, String> environment(Map<String, String> inherited) {
        var environment = new LinkedHashMap<>(inherited);
        environment.keySet().removeAll(unset);
        environment.putAll(env);
        secrets.forEach((name, secret) -> environment.put(name, secret.reveal()));
        return environment;
    }

    /// The same with more warnings, first.
    public LaunchPlan warning(List<String> more) {
        return new LaunchPlan(
                argv,
                env,
                secrets,
                unset,
                settings,
                files,
                links,
                Stream.concat(more.stream(), warnings.stream()).toList());
    }

    /// The same without those variables, where it does not set them itself.
    ///
    /// @param passed variables that the user wants the agent to inherit
    /// @throws UserError for one of `passed` by which the agent could be led round the gateway; bad usage
    public LaunchPlan withholding(Withheld withheld, Collection<String> passed) {
        Withheld.checkPassed(passed, this);
        var all = new TreeSet<>(unset);
        all.addAll(withheld.names());
        return new LaunchPlan(argv, env, secrets, all, settings, files, links, warnings);
    }

    /// The same with further variables, which don't displace its own and are not among those that it removes.
    ///
    /// @throws UserError for one by which the agent could be led round the gateway; bad usage
    public LaunchPlan knowing(Map<String, String> variables) {
        var all = new TreeMap<>(env);
        variables.forEach((name, value) -> {
            if (unset.contains(name) || env.containsKey(name) || secrets.containsKey(name)) {
                throw UserError.usage("%s is the launch's own to set".formatted(name), "leave it out");
            }
            all.put(name, value);
        });
        return new LaunchPlan(argv, all, secrets, unset, settings, files, links, warnings);
    }

    /// The plan as one JSON document, its secrets redacted.
    public ObjectNode toJson() {
        var json = JsonNodeFactory.instance.objectNode();
        json.set("settings", settings);
        var variables = json.putObject("env");
        env.forEach(variables::put);
        secrets.forEach((name, secret) -> variables.put(name, secret.toString()));
        add(json, "unset", unset);
        add(json, "argv", argv);
        add(json, "warnings", warnings);
        return json;
    }

    private static void add(ObjectNode json, String field, Collection<String> values) {
        var list = json.putArray(field);
        values.forEach(list::add);
    }
}
