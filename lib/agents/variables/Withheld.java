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

/// The variables that no agent inherits, whichever it is and however it is launched: every secret that rpkai
/// reads. A repository can have an agent send any variable of its process to a server of the repository's choice.
///
///     Withheld.from(host, Set.of()).less(host).env().containsKey("OPENAI_API_KEY")   // false
///
/// @param names what is withheld, whether it is set or not
public record Withheld(SortedSet<String> names) {
    /// The token of a Codex launch is in a variable of its own name. In an agent that Codex starts it would be
    /// the outer launch's.
    private static final Pattern OUTER = Pattern.compile("RPKAI_TOKEN_[0-9A-F]+");

    /// Have a runtime print or write down what it sends: Bun, Node.js, and TLS libraries of all kinds.
    static final List<String> TELLTALES =
            List.of("BUN_CONFIG_VERBOSE_FETCH", "NODE_DEBUG", "NODE_DEBUG_NATIVE", "SSLKEYLOGFILE");

    /// Logins and keys that only another agent takes: the launched one has no use for them. Claude Code's
    /// subscription login is not among them, since it stays in passthrough.
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

    /// What is withheld from an agent on that machine.
    ///
    /// @param local whether all its traffic stays on this machine: then no proxy may come between, and some
    ///     agents would go by one even so
    /// @param passed the names of `--pass-env`, which the user wants the agent to inherit all the same
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

    /// For a program that is no launched agent, such as npm: without the secrets.
    public static Map<String, String> secrets(Host host) {
        return from(host, Set.of(), false).less(host.env());
    }

    /// What is left of these variables.
    public Map<String, String> less(Map<String, String> env) {
        var left = new TreeMap<>(env);
        left.keySet().removeAll(names);
        return left;
    }

    /// The machine as the agent sees it.
    public Host less(Host host) {
        return host.withVariables(less(host.env()));
    }

    /// Checks the names of `--pass-env` before anything is asked.
    ///
    /// @throws UserError for one that no variable has, or that is never given back; bad usage
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
