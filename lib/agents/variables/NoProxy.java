package lib.agents.variables;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import lib.http.ProxyVariables;

/// Keeps requests to a gateway on this machine away from a corporate proxy.
///
///     NoProxy.forLoopback(URI.create("http://127.0.0.1:8090"), Map.of("NO_PROXY", "corp"))
///     // {NO_PROXY=corp,127.0.0.1, …}
public final class NoProxy {
    private NoProxy() {}

    /// Both spellings of the variable with the gateway's host added; empty for a gateway elsewhere.
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

    /// Sets every proxy to an empty value, so that no `.env` file sets one for an agent whose traffic stays on
    /// this machine. Proxies that the agent inherits are left alone.
    ///
    /// @param inherited the variables that the agent inherits
    public static Map<String, String> none(Map<String, String> inherited) {
        var variables = new TreeMap<String, String>();
        Withheld.PROXIES.stream().filter(name -> !inherited.containsKey(name)).forEach(name -> variables.put(name, ""));
        return variables;
    }
}
