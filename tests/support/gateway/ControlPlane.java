package tests.support.gateway;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tests.support.Cluster;
import tests.support.TestJson;
import tests.support.identity.AccessTokens;
import tests.support.upstream.Recorded;
import tests.support.upstream.Reply;

/// `GET /v1/clusters` of the control plane, page by page, for tokens that the identity provider finds valid.
///
///     idp.controlPlane().largestPage(1).clusters(
///             Cluster.ready("cl-abc", "prod", gateway.url()), Cluster.notReady("cl-def", "new"));
public final class ControlPlane {

    private static final int DEFAULT_PAGE = 50;
    private static final String TOKEN_PREFIX = "after-";

    private final AccessTokens access;
    private final Map<String, List<Cluster>> perOrganization = new ConcurrentHashMap<>();

    private volatile List<Cluster> clusters = List.of();
    private volatile int largestPage = DEFAULT_PAGE;

    public ControlPlane(AccessTokens access) {
        this.access = access;
    }

    /// Sets the listed clusters; none by default.
    public ControlPlane clusters(Cluster... all) {
        clusters = List.of(all);
        return this;
    }

    /// Sets the clusters listed for one organisation, the one in the token.
    public ControlPlane clustersOf(String organization, Cluster... theirs) {
        perOrganization.put(organization, List.of(theirs));
        return this;
    }

    /// The most clusters on a page, whatever is asked for.
    public ControlPlane largestPage(int most) {
        largestPage = most;
        return this;
    }

    public Reply answer(Recorded call) {
        if (!call.method().equals("GET")) {
            return error(405, "UNIMPLEMENTED", "GET only");
        }
        var token = call.bearer().filter(access::isValid);
        if (token.isEmpty()) {
            return error(401, "UNAUTHENTICATED", "missing or invalid bearer token");
        }
        var all = perOrganization.getOrDefault(access.organization(token.get()).orElse(""), clusters);
        try {
            var query = call.query();
            var size = Integer.parseInt(query.getOrDefault("page_size", "" + DEFAULT_PAGE));
            var start = start(query.getOrDefault("page_token", ""), all.size());
            if (size <= 0) {
                return error(400, "INVALID_ARGUMENT", "page_size must be positive");
            }
            return page(all, start, Math.min(all.size(), start + Math.min(size, largestPage)));
        } catch (IllegalArgumentException e) {
            return error(400, "INVALID_ARGUMENT", "bad page_size or page_token");
        }
    }

    private static int start(String token, int size) {
        if (token.isEmpty()) {
            return 0;
        }
        var start = Integer.parseInt(token.replaceFirst("^" + TOKEN_PREFIX, ""));
        if (!token.startsWith(TOKEN_PREFIX) || start < 0 || start > size) {
            throw new IllegalArgumentException(token);
        }
        return start;
    }

    private static Reply page(List<Cluster> all, int start, int end) {
        var body = TestJson.object();
        var page = body.putArray("clusters");
        for (var cluster : all.subList(start, end)) {
            var shown = page.addObject()
                    .put("id", cluster.id())
                    .put("name", cluster.name())
                    .put("state", "STATE_READY");
            cluster.gatewayUrl().ifPresent(url -> shown.putObject("ai_gateway").put("v2_url", url));
        }
        return Reply.json(200, body.put("next_page_token", end < all.size() ? TOKEN_PREFIX + end : ""));
    }

    private static Reply error(int status, String code, String message) {
        return Reply.json(status, TestJson.object().put("code", code).put("message", message));
    }
}
