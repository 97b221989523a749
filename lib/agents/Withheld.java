package lib.agents;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import lib.Host;
import lib.UserError;
import lib.config.Variable;
import lib.config.Variable.Role;

/// The variables that no agent inherits, whichever it is and however it is launched: every secret that rpkai reads. A
/// repository can have an agent send any variable of its process to a server of the repository's choice.
///
///     Withheld.from(host, Set.of()).less(host).env().containsKey("OPENAI_API_KEY")   // false
///
/// @param names what is withheld, whether it is set or not
public record Withheld(SortedSet<String> names) {
    /// The token of a Codex launch is in a variable of its own name. In an agent that Codex starts it would be the outer launch's.
    private static final Pattern OUTER = Pattern.compile("RPKAI_TOKEN_[0-9A-F]+");

    public Withheld {
        names = new TreeSet<>(names);
    }

    /// What is withheld from an agent on that machine.
    ///
    /// @param passed the names of `--pass-env`, which the user wants the agent to inherit all the same
    public static Withheld from(Host host, Set<String> passed) {
        var names = new TreeSet<String>();
        Arrays.stream(Variable.values()).filter(variable -> variable.role().isSecret()).map(Variable::name).forEach(names::add);
        host.env().keySet().stream().filter(OUTER.asMatchPredicate()).forEach(names::add);
        names.removeAll(passed);
        return new Withheld(names);
    }

    /// What is left of these variables.
    public Map<String, String> less(Map<String, String> env) {
        var left = new TreeMap<>(env);
        left.keySet().removeAll(names);
        return left;
    }

    /// The machine as the agent sees it.
    public Host less(Host host) {
        return host.with(less(host.env()));
    }

    /// Checks that a launch can give a variable back: not one that it sets or removes for the agent's way to the gateway.
    ///
    /// @throws UserError where it can't; bad usage
    static void checkPassed(Collection<String> passed, LaunchPlan plan) {
        for (var name : passed) {
            if (plan.unset().contains(name) || plan.env().containsKey(name) || plan.secrets().containsKey(name)) {
                throw UserError.usage("--pass-env %s would lead the agent past the gateway".formatted(name), "leave it out");
            }
        }
    }

    /// Checks the names of `--pass-env` before anything is asked.
    ///
    /// @throws UserError for one that no variable has, or that is never given back; bad usage
    public static void check(Collection<String> passed, Host host) {
        passed.forEach(name -> check(name, host));
    }

    private static void check(String name, Host host) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_()]*")) throw UserError.usage("--pass-env takes the name of a variable", "write it as --pass-env NAME");
        var isOwn = Variable.of(name).filter(variable -> variable.role() == Role.OWN_SECRET).isPresent();
        if (isOwn || OUTER.matcher(name).matches()) throw UserError.usage("%s is rpkai's own and is passed on to no agent".formatted(name), "leave it out");
        if (!host.env().containsKey(name)) host.warn("--pass-env %s: that variable is not set".formatted(name));
    }
}
