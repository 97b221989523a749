package lib.doctor;

/// What a check cannot do without. A check whose need is not met is left out of the report.
public enum Need {
    /// Nothing: the check is always made.
    NOTHING,
    /// Settings that choose a gateway elsewhere, even one without a URL.
    GATEWAY_SETTINGS,
    /// The URL of a gateway elsewhere.
    REMOTE_GATEWAY,
    /// Any gateway, elsewhere or in this process.
    GATEWAY;

    boolean isMet(InspectedGateway gateway) {
        return switch (this) {
            case NOTHING -> true;
            case GATEWAY_SETTINGS ->
                gateway instanceof InspectedGateway.Remote || gateway instanceof InspectedGateway.WithoutUrl;
            case REMOTE_GATEWAY -> gateway instanceof InspectedGateway.Remote;
            case GATEWAY -> gateway instanceof InspectedGateway.Remote || gateway instanceof InspectedGateway.Embedded;
        };
    }
}
