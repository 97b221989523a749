package lib.agents.credential;

import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import lib.agents.process.RunningProcess;
import lib.base.Host;
import lib.base.ShellWord;
import lib.config.Settings;
import lib.config.Variable;
import lib.install.RunningProgram;

/// The command by which an agent asks this rpkai installation for a token: see [RunningProgram#command].
///
///     HelperCommand.words(settings, Duration.ofMinutes(10), Optional.empty(), host)
///     // [/…/rpkai, --config, …, auth, token, --refresh-within, 600s]
public final class HelperCommand {
    /// Variables that decide where a refresh token is sent. A repository's settings can set them for the agent,
    /// and the agent passes them to its helper, so the command resets them to their values at the launch.
    private static final SortedSet<String> PINNED = Variable.names(Variable.Role.SIGN_IN);
    /// Variables that are removed without passing their value: they hold secrets, and every user can see a
    /// command line.
    private static final SortedSet<String> CLEARED = Variable.names(Variable.Role.OWN_SECRET);

    private static final List<String> JVM_OPTIONS = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private HelperCommand() {}

    /// The words of the command, for an agent that starts it without a shell.
    ///
    /// @param session the process that must exist for a token to be printed; empty for no such condition
    public static List<String> words(
            Settings settings, Duration refreshWithin, Optional<RunningProcess> session, Host host) {
        var words = new ArrayList<>(RunningProgram.command(host));
        words.addAll(List.of("--config", settings.configFile().toString()));
        settings.profileName().ifPresent(name -> words.addAll(List.of("--profile", name)));
        words.addAll(List.of("auth", "token", "--refresh-within", refreshWithin.toSeconds() + "s"));
        session.ifPresent(process -> words.addAll(List.of("--while-running", process.text())));
        return words;
    }

    /// The same as a line for `/bin/sh`, with the variables that affect it pinned to their values at the
    /// launch.
    public static String line(Settings settings, Duration refreshWithin, Optional<RunningProcess> session, Host host) {
        var line = new StringBuilder(unsetJvmOptions(host));
        pinned(settings, host)
                .forEach((name, value) -> line.append(name)
                        .append('=')
                        .append(value.isEmpty() ? "" : ShellWord.quote(value))
                        .append(' '));
        return line.append(ShellWord.join(words(settings, refreshWithin, session, host)))
                .toString();
    }

    /// The same for an agent that starts it without a shell: `env` pins the variables. The words contain no
    /// secret.
    public static List<String> pinnedWords(
            Settings settings, Duration refreshWithin, Optional<RunningProcess> session, Host host) {
        if (File.separatorChar != '/') return words(settings, refreshWithin, session, host);
        var words = new ArrayList<>(List.of("/usr/bin/env"));
        JVM_OPTIONS.stream()
                .filter(name -> host.variable(name).isEmpty())
                .forEach(name -> words.addAll(List.of("-u", name)));
        var pinned = pinned(settings, host);
        pinned.forEach((name, value) -> words.addAll(value.isEmpty() ? List.of("-u", name) : List.of()));
        pinned.forEach((name, value) -> words.addAll(value.isEmpty() ? List.of() : List.of(name + "=" + value)));
        words.addAll(words(settings, refreshWithin, session, host));
        return words;
    }

    /// Removes options that a repository's settings could pass to the helper's JVM; the user's own options
    /// stay.
    private static String unsetJvmOptions(Host host) {
        var foreign = JVM_OPTIONS.stream()
                .filter(name -> host.variable(name).isEmpty())
                .toList();
        return foreign.isEmpty() ? "" : "unset " + String.join(" ", foreign) + "; ";
    }

    /// The variables that affect the helper, with their values for it.
    public static Map<String, String> pinned(Settings settings, Host host) {
        var values = new TreeMap<String, String>();
        PINNED.forEach(name -> values.put(name, host.variable(name).orElse("")));
        CLEARED.forEach(name -> values.put(name, ""));
        // A relative path would mean another file in the agent's working folder.
        values.put("RPAI_CREDENTIALS", settings.credentialsFile().toString());
        return values;
    }
}
