package lib.gateway.exchange;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/// What answers beside the proxy and the management API: an issuer's endpoints, or where to find one.
///
///     Pages none = (request, response) -> false;
@FunctionalInterface
public interface ExtraRoutes {
    /// No further pages.
    ExtraRoutes NONE = (_, _) -> false;

    /// Answers that request if its path is one of these pages.
    ///
    /// @return whether it was
    boolean serve(ServerRequest request, ServerResponse response);

    /// These pages and those.
    default ExtraRoutes and(ExtraRoutes others) {
        return (request, response) -> serve(request, response) || others.serve(request, response);
    }
}
