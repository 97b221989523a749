package lib.gateway;

import lib.gateway.exchange.ProxyPath;
import lib.gateway.management.ManagementApi;
import lib.gateway.management.UsageApi;
import lib.gateway.proxy.McpProxy;

/// The parts of the gateway, by the prefix of their paths.
///
///     GatewayRoute.of("/mcp/v1/github").label()   // /mcp/v1/{server}
enum GatewayRoute {
    PROVIDERS(ProxyPath.PREFIX, ProxyPath.PREFIX + "{provider}"),
    SERVERS(McpProxy.PREFIX, McpProxy.PREFIX + "{server}"),
    MANAGEMENT(ManagementApi.PREFIX, ManagementApi.PREFIX + "{call}"),
    USAGE(UsageApi.PREFIX, "other"),
    /// Every other path: the extra routes of the public endpoint.
    PAGES("", "other");

    private static final GatewayRoute[] ALL = values();

    private final String prefix;
    private final String label;

    GatewayRoute(String prefix, String label) {
        this.prefix = prefix;
        this.label = label;
    }

    static GatewayRoute of(String path) {
        for (var route : ALL) if (path.startsWith(route.prefix)) return route;
        return PAGES;
    }

    /// The route as metrics name it, without the name of a provider, server or call.
    String label() {
        return label;
    }
}
