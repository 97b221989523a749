package lib.gateway;

import io.helidon.webserver.http.ErrorHandler;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.HttpFeature;
import io.helidon.webserver.http.HttpRoute;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpSecurity;
import io.helidon.webserver.http.HttpService;
import java.util.function.Supplier;

/// Passes a finished routing to Helidon, which accepts only builders. It must be an `HttpRouting.Builder`: with
/// any other builder type Helidon also registers a default routing, and it is undefined which one serves.
///
/// @param routes the routing to return
record FixedRoutingBuilder(Router routes) implements HttpRouting.Builder {
    @Override
    public HttpRouting build() {
        return routes;
    }

    @Override
    public HttpRouting.Builder copy() {
        return this;
    }

    @Override
    public HttpRouting.Builder register(HttpService... services) {
        throw fixed();
    }

    @Override
    public HttpRouting.Builder register(String path, HttpService... services) {
        throw fixed();
    }

    @Override
    public HttpRouting.Builder route(HttpRoute route) {
        throw fixed();
    }

    @Override
    public HttpRouting.Builder addFilter(Filter filter) {
        throw fixed();
    }

    @Override
    public HttpRouting.Builder addFeature(Supplier<? extends HttpFeature> feature) {
        throw fixed();
    }

    @Override
    public <T extends Throwable> HttpRouting.Builder error(Class<T> type, ErrorHandler<? super T> handler) {
        throw fixed();
    }

    @Override
    public HttpRouting.Builder maxReRouteCount(int count) {
        throw fixed();
    }

    @Override
    public HttpRouting.Builder security(HttpSecurity security) {
        throw fixed();
    }

    private static UnsupportedOperationException fixed() {
        return new UnsupportedOperationException("these routes are fixed");
    }
}
