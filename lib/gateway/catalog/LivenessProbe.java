package lib.gateway.catalog;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;

/// Whether something answers on this machine.
final class LivenessProbe {
    /// Loopback answers within a millisecond or two, or not at all.
    private static final int MILLIS = 300;

    private LivenessProbe() {}

    /// Whether `GET url` is answered with 200, at once.
    static boolean answers(URI url) {
        try {
            // The small client: the large one takes longer to make than this to answer. Never through a proxy.
            var connection = (HttpURLConnection) url.toURL().openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout(MILLIS);
            connection.setReadTimeout(MILLIS);
            connection.setInstanceFollowRedirects(false);
            try {
                return connection.getResponseCode() == 200;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false;
        }
    }
}
