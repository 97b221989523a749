package lib.gateway.exchange;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/// Additional routes beside the proxy and the management API: an issuer's endpoints, or a document that says
/// where the issuer is.
///
///     Pages none = (request, response) -> false;
@FunctionalInterface
public interface ExtraRoutes {
    /// No additional routes.
    ExtraRoutes NONE = (_, _) -> false;

    /// Answers a request if its path is one of these routes.
    ///
    /// @return whether the request was answered
    boolean serve(ServerRequest request, ServerResponse response);

    /// Returns these routes followed by others.
    default ExtraRoutes and(ExtraRoutes others) {
        return (request, response) -> serve(request, response) || others.serve(request, response);
    }
}
