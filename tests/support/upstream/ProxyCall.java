package tests.support.upstream;

/// One request to a provider's proxy.
///
///     var call = gateway.awaitProxied(1, Duration.ofSeconds(10)).getFirst();
///     assertEquals("claude", call.provider());
///     assertEquals("v1/messages?beta=true", call.path());
///
/// @param path the upstream's path and query as they came, without a slash before it
/// @param request the whole request, its target as the gateway received it
public record ProxyCall(String provider, String path, Recorded request) {}
