package lib.launch;

import java.time.Duration;
import java.util.List;
import lib.usage.Call;
import lib.usage.Usage;

/// The outcome of a launch, for the code that a script runs afterwards.
///
///     Launch.claude().through("demo").after(ended -> System.err.println(ended)).run()
///
/// @param exitCode the agent's exit code
/// @param took the time from the agent's start to its end
/// @param calls the calls to models; empty unless the traffic passed through this process, which
///     [Launch#broker] ensures
public record LaunchResult(int exitCode, Duration took, List<Call> calls) {
    public LaunchResult {
        calls = List.copyOf(calls);
    }

    /// The sum of the usage of all calls.
    public Usage usage() {
        return calls.stream().map(Call::usage).reduce(Usage.NONE, Usage::plus);
    }

    /// Returns one line: `exit 0 after 12 s, 3 calls, 4512 tokens in, 230 out`.
    @Override
    public String toString() {
        var usage = usage();
        return "exit %d after %d s, %d calls, %d tokens in, %d out"
                .formatted(
                        exitCode,
                        took.toSeconds(),
                        calls.size(),
                        usage.input() + usage.cachedInput() + usage.cacheWrite5m() + usage.cacheWrite1h(),
                        usage.output());
    }
}
