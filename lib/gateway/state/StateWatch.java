package lib.gateway.state;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import lib.base.UserError;
import lib.database.ChangeFeed;
import lib.database.Database;

/// Keeps the snapshot of a state up to date: what another process changes is in it within a second.
///
/// PostgreSQL says when something changed. Twice a second the watch looks anyway, since a pooler can swallow that,
/// and SQLite says nothing.
final class StateWatch implements AutoCloseable {
    /// On which PostgreSQL tells of changes.
    static final String CHANNEL = "rpkai_state";
    private static final Duration EVERY = Duration.ofMillis(500);

    private final StateDatabase state;
    private final Database database;
    private final Consumer<String> warnings;
    private final Thread thread;
    private volatile boolean closed;
    private boolean failing;

    private StateWatch(StateDatabase state, Database database, Consumer<String> warnings) {
        this.state = state;
        this.database = database;
        this.warnings = warnings;
        this.thread = Thread.ofPlatform().daemon().name("state-watch").unstarted(this::run);
    }

    static StateWatch start(StateDatabase state, Database database, Consumer<String> warnings) {
        var watch = new StateWatch(state, database, warnings);
        watch.thread.start();
        return watch;
    }

    private void run() {
        try (var feed = ChangeFeed.of(database, CHANNEL)) {
            while (!closed) follow(feed);
        } catch (InterruptedException e) {
            // It is closed.
        }
    }

    private void follow(ChangeFeed feed) throws InterruptedException {
        try {
            feed.await(EVERY);
            if (closed) return;
            state.refresh();
            if (failing) warnings.accept("%s answers again".formatted(database.title()));
            failing = false;
        } catch (SQLException | UserError e) {
            if (closed) return;
            if (!failing)
                warnings.accept("%s does not answer (%s): the gateway continues with what it knows"
                        .formatted(database.title(), firstLine(e)));
            failing = true;
            Thread.sleep(EVERY);
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
