package lib.agents.variables;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import lib.base.Host;
import lib.base.UserError;
import lib.config.Variable;
import lib.config.Variable.Role;

/// The variables that no agent inherits, in any kind of launch: every secret that rpkai reads. A repository can
/// make an agent send any variable of its process to a server of the repository's choice.
///
///     Withheld.from(host, Set.of()).less(host).env().containsKey("OPENAI_API_KEY")   // false
///
/// @param names the withheld variables, set or not
public record Withheld(SortedSet<String> names) {
    /// The variable with the token of an outer Codex launch. Each Codex launch uses a variable name of its own,
    /// and an agent started by Codex must not inherit it.
    private static final Pattern OUTER = Pattern.compile("RPKAI_TOKEN_[0-9A-F]+");

    /// Variables that make a runtime print or log the data it sends: Bun, Node.js, and TLS libraries of all
    /// kinds.
    static final List<String> TELLTALES =
            List.of("BUN_CONFIG_VERBOSE_FETCH", "NODE_DEBUG", "NODE_DEBUG_NATIVE", "SSLKEYLOGFILE");

    /// Logins and keys of other agents, which the launched agent does not need. Claude Code's subscription
    /// login is not listed, since it stays in passthrough.
    static final List<String> OTHER_AGENTS = List.of(
            "ANTHROPIC_AUTH_TOKEN",
            "CODEX_ACCESS_TOKEN",
            "CODEX_API_KEY",
            "GOOGLE_GENERATIVE_AI_API_KEY",
            "OPENCODE_API_KEY");

    /// The proxies that are withheld whether they are set or not.
    static final SortedSet<String> PROXIES = Variable.names(Role.PROXY);

    public Withheld {
        names = new TreeSet<>(names);
    }

    /// Proxies in every spelling that a runtime or a tool of the agent reads.
    private static final Pattern PROXY = Pattern.compile(
            "(?i)(npm_config_)?(https?|all|wss?|socks5?|ftp)_proxy|npm_config_proxy|global_agent_\\w+_proxy");

    /// The variables withheld from an agent on that machine.
    ///
    /// @param local whether all its traffic stays on this machine: then no proxy may come between, and some
    ///     agents would use one even then
    /// @param passed the names of `--pass-env`, which the user wants the agent to inherit anyway
    public static Withheld from(Host host, Set<String> passed, boolean local) {
        var names = new TreeSet<String>();
        Arrays.stream(Variable.values())
                .filter(variable -> variable.role().isSecret())
                .map(Variable::name)
                .forEach(names::add);
        names.addAll(TELLTALES);
        names.addAll(OTHER_AGENTS);
        if (local) names.addAll(PROXIES);
        host.env().keySet().stream()
                .filter(OUTER.asMatchPredicate().or(PROXY.asMatchPredicate().and(_ -> local)))
                .forEach(names::add);
        names.removeAll(passed);
        return new Withheld(names);
    }

    /// The environment without the secrets, for a program that is not a launched agent, such as npm.
    public static Map<String, String> secrets(Host host) {
        return from(host, Set.of(), false).less(host.env());
    }

    /// Returns these variables without the withheld ones.
    public Map<String, String> less(Map<String, String> env) {
        var left = new TreeMap<>(env);
        left.keySet().removeAll(names);
        return left;
    }

    /// Returns the machine as the agent sees it.
    public Host less(Host host) {
        return host.withVariables(less(host.env()));
    }

    /// Checks the names of `--pass-env` before any request is sent.
    ///
    /// @throws UserError for a name that no variable has, or that may never be passed on; bad usage
    public static void check(Collection<String> passed, Host host) {
        passed.forEach(name -> check(name, host));
    }

    private static void check(String name, Host host) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_()]*"))
            throw UserError.usage("--pass-env must be the name of a variable", "use --pass-env NAME");
        var isOwn = Variable.of(name)
                .filter(variable -> variable.role() == Role.OWN_SECRET)
                .isPresent();
        if (isOwn || OUTER.matcher(name).matches())
            throw UserError.usage("%s belongs to rpkai and is not passed on to any agent".formatted(name), "omit it");
        if (!host.env().containsKey(name)) host.warn("--pass-env %s: that variable is not set".formatted(name));
    }
}
