package lib.gateway.state;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import lib.database.ChangeFeed;
import lib.database.Database;

/// Keeps the snapshot of a state current: it contains what another process changes within a second.
///
/// PostgreSQL sends a message when something changes. The watch also looks twice a second, because a connection
/// pooler can swallow that message, and because SQLite sends none. Each look that succeeds proves that the
/// snapshot is current.
final class StateWatch implements AutoCloseable {
    /// The channel on which PostgreSQL announces changes.
    static final String CHANNEL = "rpkai_state";
    private static final Duration EVERY = Duration.ofMillis(500);

    private final StateDatabase state;
    private final Database database;
    private final Consumer<String> warnings;
    private final Thread thread;
    private volatile boolean closed;
    private boolean failing;
    private boolean refusing;

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
            // The watch is closed.
        }
    }

    /// Follows the database for a moment. Whatever goes wrong, the watch goes on: otherwise this gateway would use
    /// what it knows for ever.
    private void follow(ChangeFeed feed) throws InterruptedException {
        try {
            look(feed);
        } catch (RuntimeException | OutOfMemoryError e) {
            // A warning could not be printed, for example.
            Thread.sleep(EVERY);
        }
    }

    private void look(ChangeFeed feed) throws InterruptedException {
        try {
            awaitChange(feed);
            if (closed) return;
            state.refresh();
            if (failing) warnings.accept("%s answers again".formatted(database.title()));
            failing = false;
            refusing = false;
        } catch (RuntimeException | OutOfMemoryError e) {
            if (closed) return;
            // The connection may be dead without a sign of it. The next wait opens another one.
            feed.close();
            warn(e);
            Thread.sleep(EVERY);
        }
    }

    /// Waits for a change. Without a connection to listen on, it only waits: the state may still answer.
    private static void awaitChange(ChangeFeed feed) throws InterruptedException {
        try {
            feed.await(EVERY);
        } catch (SQLException e) {
            feed.close();
            Thread.sleep(EVERY);
        }
    }

    private void warn(Throwable e) {
        var freshness = state.freshness();
        if (!failing)
            warnings.accept("%s does not answer (%s): the gateway continues with what it knows%s"
                    .formatted(
                            database.title(),
                            firstLine(e),
                            freshness
                                    .map(known -> ", for up to %s (--stale-limit)".formatted(text(known.limit())))
                                    .orElse("")));
        failing = true;
        if (refusing || freshness.filter(Freshness::isStale).isEmpty()) return;
        refusing = true;
        warnings.accept("%s has not answered for %s (--stale-limit): requests are refused until it answers"
                .formatted(database.title(), text(freshness.get().limit())));
    }

    /// Returns a duration as the flag is written, such as `1h30m`.
    private static String text(Duration duration) {
        var text = duration.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
        return text.isEmpty() ? "0s" : text;
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
