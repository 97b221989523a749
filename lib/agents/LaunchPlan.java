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

/// Everything that a launch will do, decided in advance. A pure function makes this plain data,
/// `--print-settings` prints it, tests compare it, and only the [Launcher] carries it out.
///
///     plan.environment(System.getenv())   // what the agent will see
///
/// @param argv the agent's command line; the first word is its name on the PATH
/// @param changes the differences between the agent's environment and the inherited one
/// @param settings the settings overlay for `--settings`; empty for an agent that takes none
/// @param made the files and links to make before the agent starts
/// @param warnings lines for stderr
public record LaunchPlan(List<String> argv, Changes changes, ObjectNode settings, Made made, List<String> warnings) {

    /// The differences between the agent's environment and the inherited one.
    ///
    /// @param env variables to set
    /// @param secrets variables to set whose values must not be seen
    /// @param unset variables to remove, except those that are set
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

    /// The files and links to make before the agent starts.
    ///
    /// @param files files readable by their owner only, by their paths; they contain no secrets
    /// @param links symbolic links
    public record Made(SortedMap<Path, String> files, Links links) {
        /// No files and no links.
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

    /// Makes a plan without files.
    public LaunchPlan(
            List<String> argv,
            Map<String, String> env,
            Map<String, Secret> secrets,
            SortedSet<String> unset,
            ObjectNode settings,
            List<String> warnings) {
        this(argv, new Changes(new TreeMap<>(env), new TreeMap<>(secrets), unset), settings, Made.NOTHING, warnings);
    }

    /// Makes a plan with files.
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

    /// Variables to remove, except those that are set.
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

    /// The environment of the agent: the inherited one without the removed variables and with the set ones.
    public Map<String, String> environment(Map<String, String> inherited) {
        var environment = new LinkedHashMap<>(inherited);
        environment.keySet().removeAll(unset());
        environment.putAll(env());
        secrets().forEach((name, secret) -> environment.put(name, secret.reveal()));
        return environment;
    }

    /// Returns a copy with this settings overlay.
    public LaunchPlan withSettings(ObjectNode overlay) {
        return new LaunchPlan(argv, changes, overlay, made, warnings);
    }

    /// Returns a copy with these files, instead of the previous ones.
    public LaunchPlan withFiles(Map<Path, String> files) {
        return new LaunchPlan(argv, changes, settings, new Made(new TreeMap<>(files), made.links()), warnings);
    }

    /// Returns a copy with these links, instead of the previous ones.
    public LaunchPlan withLinks(Links links) {
        return new LaunchPlan(argv, changes, settings, new Made(made.files(), links), warnings);
    }

    /// Returns a copy with more warnings before the existing ones.
    public LaunchPlan withWarnings(List<String> more) {
        var all = Stream.concat(more.stream(), warnings.stream()).toList();
        return new LaunchPlan(argv, changes, settings, made, all);
    }

    /// Returns a copy that also sets these variables; they override its own.
    public LaunchPlan withEnv(Map<String, String> more) {
        var all = new TreeMap<>(env());
        all.putAll(more);
        return new LaunchPlan(argv, new Changes(all, secrets(), unset()), settings, made, warnings);
    }

    /// Returns a copy that also sets the user's variables. They don't override the plan's own variables, and
    /// the plan doesn't remove them.
    ///
    /// @throws UserError for a variable that could lead the agent past the gateway; bad usage
    public LaunchPlan withVariables(Map<String, String> variables) {
        for (var name : variables.keySet()) {
            if (changes.names(name)) throw UserError.usage("only the launch may set %s".formatted(name), "omit it");
        }
        return withEnv(variables);
    }

    /// Returns a copy that removes the withheld variables, except those that the plan sets.
    ///
    /// @param inherited variables that the user wants the agent to inherit
    /// @throws UserError for one of `inherited` that could lead the agent past the gateway; bad usage
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

    /// The plan as one JSON document, with its secrets redacted.
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
