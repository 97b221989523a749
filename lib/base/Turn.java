package lib.base;

/// Lets the other virtual threads run before this one waits for what another program must send first. Often it has
/// arrived by then, and the thread need not be registered with the operating system, parked and woken.
///
///     Turn.pass();
///     socket.getInputStream().read(buffer);
public final class Turn {
    private Turn() {}

    @SuppressWarnings("ThreadPriorityCheck") // Nothing depends on it but speed.
    public static void pass() {
        Thread.yield();
    }
}
