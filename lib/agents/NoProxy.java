package lib.agents;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import lib.http.ProxyVariables;

/// Keeps a gateway on this machine out of the company's proxy.
///
///     NoProxy.forLoopback(URI.create("http://127.0.0.1:8090"), Map.of("NO_PROXY", "corp"))   // {NO_PROXY=corp,127.0.0.1, …}
public final class NoProxy {
    private NoProxy() {}

    /// Both spellings with the gateway's host added; nothing for a gateway elsewhere, or where no proxy is set.
    public static Map<String, String> forLoopback(URI gateway, Map<String, String> inherited) {
        if (!ProxyVariables.isLoopback(gateway.getHost())) return Map.of();
        var variables = new TreeMap<String, String>();
        for (var name : new String[] {"NO_PROXY", "no_proxy"}) {
            var before = Optional.ofNullable(inherited.get(name)).filter(value -> !value.isBlank());
            if (Stream.of(before.orElse("").split(",")).map(String::strip).noneMatch(gateway.getHost()::equals)) {
                variables.put(name, before.map(value -> value + ",").orElse("") + gateway.getHost());
            }
        }
        return variables;
    }
}
