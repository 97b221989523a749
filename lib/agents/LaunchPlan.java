package lib.agents;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import lib.agents.variables.Withheld;
import lib.base.Secret;
import lib.base.UserError;

/// Everything about a launch, decided and not yet done: pure data, made by a pure function, printed by
/// `--print-settings`, compared by tests, carried out by the [Launcher] alone.
///
///     plan.environment(System.getenv())   // what the agent will see
///
/// @param argv the agent's command line; the first word is its name on the PATH
/// @param changes what differs between the agent's environment and the inherited one
/// @param settings the settings overlay that goes in `--settings`; empty for an agent that takes none
/// @param made what to make on disk before the agent starts
/// @param warnings lines for stderr
public record LaunchPlan(List<String> argv, Changes changes, ObjectNode settings, Made made, List<String> warnings) {

    /// What differs between the agent's environment and the inherited one.
    ///
    /// @param env variables to set
    /// @param secrets variables to set whose values must not be seen
    /// @param unset variables to remove, less those that are set
    public record Changes(SortedMap<String, String> env, SortedMap<String, Secret> secrets, SortedSet<String> unset) {
        public Changes {
            env = new TreeMap<>(env);
            secrets = new TreeMap<>(secrets);
            unset = new TreeSet<>(unset);
            unset.removeAll(env.keySet());
            unset.removeAll(secrets.keySet());
        }

        private boolean names(String variable) {
            return unset.contains(variable) || env.containsKey(variable) || secrets.containsKey(variable);
        }
    }

    /// What to make on disk before the agent starts.
    ///
    /// @param files files for their owner's eyes only, by their paths; nothing secret is in them
    /// @param links symbolic links
    public record Made(SortedMap<Path, String> files, Links links) {
        /// Nothing at all.
        public static final Made NOTHING = new Made(new TreeMap<>(), Links.NONE);

        public Made {
            files = new TreeMap<>(files);
        }
    }

    public LaunchPlan {
        argv = List.copyOf(argv);
        settings = settings.deepCopy();
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
        this(argv, new Changes(new TreeMap<>(env), new TreeMap<>(secrets), unset), settings, Made.NOTHING, warnings);
    }

    /// A launch that makes files.
    ///
    /// @deprecated use [#withFiles]; this constructor works through 0.3
    @Deprecated(since = "0.2", forRemoval = true)
    public LaunchPlan(
            List<String> argv,
            Map<String, String> env,
            Map<String, Secret> secrets,
            SortedSet<String> unset,
            ObjectNode settings,
            Map<Path, String> files,
            List<String> warnings) {
        this(
                argv,
                new Changes(new TreeMap<>(env), new TreeMap<>(secrets), unset),
                settings,
                new Made(new TreeMap<>(files), Links.NONE),
                warnings);
    }

    /// Variables to set.
    public SortedMap<String, String> env() {
        return changes.env();
    }

    /// Variables to set whose values must not be seen.
    public SortedMap<String, Secret> secrets() {
        return changes.secrets();
    }

    /// Variables to remove, less those that are set.
    public SortedSet<String> unset() {
        return changes.unset();
    }

    /// Files to make before the agent starts, by their paths.
    public SortedMap<Path, String> files() {
        return made.files();
    }

    /// Links to make before the agent starts.
    public Links links() {
        return made.links();
    }

    /// The environment of the agent: the inherited one, less what is removed, with what is set.
    public Map<String, String> environment(Map<String, String> inherited) {
        var environment = new LinkedHashMap<>(inherited);
        environment.keySet().removeAll(unset());
        environment.putAll(env());
        secrets().forEach((name, secret) -> environment.put(name, secret.reveal()));
        return environment;
    }

    /// The same with that settings overlay.
    public LaunchPlan withSettings(ObjectNode overlay) {
        return new LaunchPlan(argv, changes, overlay, made, warnings);
    }

    /// The same with those files made before the agent starts, and no others.
    public LaunchPlan withFiles(Map<Path, String> files) {
        return new LaunchPlan(argv, changes, settings, new Made(new TreeMap<>(files), made.links()), warnings);
    }

    /// The same with those links made before the agent starts, and no others.
    public LaunchPlan withLinks(Links links) {
        return new LaunchPlan(argv, changes, settings, new Made(made.files(), links), warnings);
    }

    /// The same with more warnings, first.
    public LaunchPlan withWarnings(List<String> more) {
        var all = Stream.concat(more.stream(), warnings.stream()).toList();
        return new LaunchPlan(argv, changes, settings, made, all);
    }

    /// The same with these variables set besides, its own among them.
    public LaunchPlan withEnv(Map<String, String> more) {
        var all = new TreeMap<>(env());
        all.putAll(more);
        return new LaunchPlan(argv, new Changes(all, secrets(), unset()), settings, made, warnings);
    }

    /// The same with further variables, which the user asks for: they don't displace its own and are not among
    /// those that it removes.
    ///
    /// @throws UserError for one by which the agent could be led round the gateway; bad usage
    public LaunchPlan withVariables(Map<String, String> variables) {
        for (var name : variables.keySet()) {
            if (changes.names(name)) throw UserError.usage("only the launch may set %s".formatted(name), "omit it");
        }
        return withEnv(variables);
    }

    /// The same without those variables, where it does not set them itself.
    ///
    /// @param inherited variables that the user wants the agent to inherit
    /// @throws UserError for one of `inherited` by which the agent could be led round the gateway; bad usage
    public LaunchPlan withVariablesWithheld(Withheld withheld, Collection<String> inherited) {
        for (var name : inherited) {
            if (changes.names(name))
                throw UserError.usage(
                        "--pass-env %s would let the agent bypass the gateway".formatted(name), "omit it");
        }
        var all = new TreeSet<>(unset());
        all.addAll(withheld.names());
        return new LaunchPlan(argv, new Changes(changes.env(), secrets(), all), settings, made, warnings);
    }

    /// The plan as one JSON document, its secrets redacted.
    public ObjectNode toJson() {
        var json = JsonNodeFactory.instance.objectNode();
        json.set("settings", settings);
        var variables = json.putObject("env");
        env().forEach(variables::put);
        secrets().forEach((name, secret) -> variables.put(name, secret.toString()));
        add(json, "unset", unset());
        add(json, "argv", argv);
        add(json, "warnings", warnings);
        return json;
    }

    private static void add(ObjectNode json, String field, Collection<String> values) {
        var list = json.putArray(field);
        values.forEach(list::add);
    }
}
