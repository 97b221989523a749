package lib.gateway.management.definition;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import lib.base.UserError;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StateUnavailable;
import lib.usage.store.StoredBudgets;

/// Applies manifests again whenever they change. It polls several times a second instead of using notifications
/// of the file system, which do not cover replaced files, redirected links and all kinds of volumes. A change is
/// applied once the files have stopped changing.
///
///     try (var watch = ManifestWatch.start(manifests, state, budgets, host.err()::println)) { … }
public final class ManifestWatch implements AutoCloseable {
    private static final Duration BEAT = Duration.ofMillis(250);

    private final ManifestSet manifests;
    private final GatewayState state;
    private final StoredBudgets budgets;
    private final Consumer<String> says;
    private final Thread thread;
    private String applied;
    /// The stamp of the manifests that a database did not take, of which a message told.
    private String postponed = "";

    private ManifestWatch(ManifestSet manifests, GatewayState state, StoredBudgets budgets, Consumer<String> says) {
        this.manifests = manifests;
        this.state = state;
        this.budgets = budgets;
        this.says = says;
        // Taken before the files are read, so that a change in between counts as a change.
        this.applied = manifests.stamp();
        this.thread = Thread.ofVirtual().unstarted(this::watch);
    }

    /// Applies the manifests once and starts to watch them.
    ///
    /// @param budgets the store of budgets
    /// @param says the receiver of a line for each change
    /// @throws UserError if the manifests cannot be applied the first time
    public static ManifestWatch start(
            ManifestSet manifests, GatewayState state, StoredBudgets budgets, Consumer<String> says) {
        var watch = new ManifestWatch(manifests, state, budgets, says);
        if (manifests.paths().isEmpty()) return watch;
        says.accept("rpkai: manifests: " + manifests.applyTo(state, budgets));
        watch.thread.start();
        return watch;
    }

    private void watch() {
        var last = applied;
        while (true) {
            try {
                Thread.sleep(BEAT);
            } catch (InterruptedException closed) {
                return;
            }
            var stamp = manifests.stamp();
            // If the database does not take the change, the next look tries again.
            if (stamp.equals(last) && !stamp.equals(applied) && isSettled(stamp)) applied = stamp;
            last = stamp;
        }
    }

    /// Applies the manifests.
    ///
    /// @return false if they can be applied later without a change
    private boolean isSettled(String stamp) {
        try {
            says.accept("rpkai: manifests changed: " + manifests.applyTo(state, budgets));
            WithheldVariables.in(state).forEach(line -> says.accept("rpkai: warning: " + line));
        } catch (UserError wrong) {
            if (isPassing(wrong)) {
                if (!stamp.equals(postponed))
                    says.accept("rpkai: manifests changed, and are applied as soon as possible: " + wrong.line());
                postponed = stamp;
                return false;
            }
            says.accept("rpkai: manifests are invalid, nothing was changed: " + wrong.line());
        } catch (RuntimeException bug) {
            says.accept("rpkai: reading the changed manifests failed; this is a bug in rpkai: "
                    + bug.getClass().getName());
        }
        return true;
    }

    /// Returns whether a database did not answer or has no room.
    private static boolean isPassing(UserError error) {
        return error instanceof StateUnavailable || error.getCause() instanceof SQLException;
    }

    /// Stops watching.
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
