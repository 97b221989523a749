package lib.agents.variables;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import lib.http.ProxyVariables;

/// Keeps a gateway on this machine out of the company's proxy.
///
///     NoProxy.forLoopback(URI.create("http://127.0.0.1:8090"), Map.of("NO_PROXY", "corp"))   //
/// {NO_PROXY=corp,127.0.0.1, …}
public final class NoProxy {
    private NoProxy() {}

    /// Both spellings with the gateway's host in them; nothing for a gateway elsewhere.
    public static Map<String, String> forLoopback(URI gateway, Map<String, String> inherited) {
        if (!ProxyVariables.isLoopback(gateway.getHost())) return Map.of();
        var variables = new TreeMap<String, String>();
        for (var name : new String[] {"NO_PROXY", "no_proxy"}) {
            var before = Optional.ofNullable(inherited.get(name)).filter(value -> !value.isBlank());
            var isIn =
                    Stream.of(before.orElse("").split(",")).map(String::strip).anyMatch(gateway.getHost()::equals);
            variables.put(
                    name,
                    isIn
                            ? before.orElseThrow()
                            : before.map(value -> value + ",").orElse("") + gateway.getHost());
        }
        return variables;
    }

    /// Every proxy set to nothing, so that no `.env` file sets it for an agent whose traffic stays on this
    /// machine; but not one that the agent is to inherit.
    ///
    /// @param inherited what it inherits
    public static Map<String, String> none(Map<String, String> inherited) {
        var variables = new TreeMap<String, String>();
        Withheld.PROXIES.stream().filter(name -> !inherited.containsKey(name)).forEach(name -> variables.put(name, ""));
        return variables;
    }
}
