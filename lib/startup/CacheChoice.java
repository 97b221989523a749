package lib.startup;

import java.util.function.Function;

/// Chooses the [AotCache] for a command line. The shell script that starts the JVM must do this, because a
/// running JVM can't change its cache. A wrong choice costs time, but never changes the result of a command.
///
///     CacheChoice.script(cache -> "exec java -XX:AOTCache=" + cache.in(folder) + " ... \"$@\"")
public final class CacheChoice {
    private CacheChoice() {}

    /// Returns lines of a POSIX shell script that examine the arguments of the script and run one of the commands.
    ///
    /// The first `case` matches the command lines that [lib.startup.shortcut.Shortcuts] may answer. With a static
    /// token or a service account, the matched text begins with it and not with a slash. Then only `completion
    /// --names` still matches, and the other shortcuts use a larger cache. The last `case` matches the start of a
    /// server, but none of the subcommands of `gateway`.
    ///
    /// @param command the function that returns the shell command for a cache
    public static String script(Function<AotCache, String> command) {
        return """
                case "$RPAI_TOKEN$RPAI_SERVICE_ACCOUNT_ID/$1 $2/$3 $4/$5 $6" in
                  '/auth token/ / ' | '/auth token/--refresh-within '* | '/--'*'/auth token/'* | '/--'*'/--'*'/auth \
                token' | '/version / / ' | *'/completion --names/'* | '/--help / / ' | '/-h / / ')
                    %s ;;
                esac
                case "$1/$3" in run/* | explain/* | -*/run | -*/explain) %s ;; esac
                case "$1/$2" in gateway/ | gateway/-*) %s ;; esac
                %s
                """.formatted(
                        command.apply(AotCache.QUICK),
                        command.apply(AotCache.LAUNCHES),
                        command.apply(AotCache.SERVER),
                        command.apply(AotCache.COMMANDS));
    }
}
