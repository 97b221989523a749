package lib.launch;

import java.time.Duration;
import java.util.List;
import lib.usage.Call;
import lib.usage.Usage;

/// How a launch went, for what a script does afterwards.
///
///     Launch.claude().through("demo").after(ended -> System.err.println(ended)).run()
///
/// @param exitCode the agent's
/// @param took from its start to its end
/// @param calls what it asked models; empty where its traffic took no way through this process, which
///     [Launch#broker] has it do
public record LaunchResult(int exitCode, Duration took, List<Call> calls) {
    public LaunchResult {
        calls = List.copyOf(calls);
    }

    /// What all calls used together.
    public Usage usage() {
        return calls.stream().map(Call::usage).reduce(Usage.NONE, Usage::plus);
    }

    /// One line: `exit 0 after 12 s, 3 calls, 4512 tokens in, 230 out`.
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
