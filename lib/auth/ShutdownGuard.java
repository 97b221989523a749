package lib.auth;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import lib.base.PrivateFile;
import lib.base.UserError;

/// Lets a refresh that has begun reach the disk even if the process is told to end (SIGTERM, SIGINT, SIGHUP).
/// Between the provider's answer and the rename, the only good refresh token is in this process's memory.
///
///     ShutdownGuard.run(() -> refreshAndSave());
final class ShutdownGuard {
    private static final Duration AT_MOST = Duration.ofSeconds(20);

    private ShutdownGuard() {}

    static <T> T run(PrivateFile.Work<T> work) throws IOException {
        var done = new CountDownLatch(1);
        var hook = Thread.ofPlatform().unstarted(() -> await(done));
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            throw new UserError("interrupted", "");
        }
        try {
            return work.run();
        } finally {
            done.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException ending) {
                // The hook is already running and returns now.
            }
        }
    }

    private static void await(CountDownLatch done) {
        try {
            done.await(AT_MOST.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
