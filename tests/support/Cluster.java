package tests.support;

import java.util.Optional;

/// A cluster as the control plane lists it.
///
///     idp.controlPlane().clusters(Cluster.ready("cl-abc", "prod", gateway.url()), Cluster.notReady("cl-def", "new"));
///
/// @param gatewayUrl `ai_gateway.v2_url`; absent leaves out `ai_gateway`, an empty string is sent as one
public record Cluster(String id, String name, Optional<String> gatewayUrl) {

    /// A cluster with an AI Gateway.
    public static Cluster ready(String id, String name, String gatewayUrl) {
        return new Cluster(id, name, Optional.of(gatewayUrl));
    }

    /// A cluster without one.
    public static Cluster notReady(String id, String name) {
        return new Cluster(id, name, Optional.empty());
    }
}
