package tests.bench.contender;

import java.io.IOException;
import java.util.List;

/// A contender that can be started.
///
///     Candidate.ALL.getFirst().start(setting, clients);
///
/// @param name as `--only` takes it
public record Candidate(String name, Start start) {
    public static final List<Candidate> ALL = List.of(
            new Candidate("direct", (setting, _) -> Contender.direct(setting)),
            new Candidate("rpkai", (setting, clients) -> RpkaiContender.start(setting, clients, true)),
            new Candidate("rpkai-any", (setting, clients) -> RpkaiContender.start(setting, clients, false)),
            new Candidate("nginx", (setting, _) -> Proxies.nginx(setting, false)),
            new Candidate("nginx-buffering", (setting, _) -> Proxies.nginx(setting, true)),
            new Candidate("haproxy", (setting, _) -> Proxies.haproxy(setting)),
            new Candidate("portkey", (setting, _) -> NpmGateways.portkey(setting)),
            new Candidate("ccr", (setting, _) -> NpmGateways.router(setting)));

    public interface Start {
        Contender start(Setting setting, BenchClient clients) throws IOException, InterruptedException;
    }
}
