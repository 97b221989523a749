package lib.gateway.catalog;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;

/// Checks whether a server on this machine answers.
final class LivenessProbe {
    /// The timeout. A server on this machine answers within a millisecond or two, or not at all.
    private static final int MILLIS = 300;

    private LivenessProbe() {}

    /// Returns whether `GET url` is answered with 200 within the timeout.
    static boolean answers(URI url) {
        try {
            // HttpURLConnection: creating an HttpClient would take longer than the answer. Never through a proxy.
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
