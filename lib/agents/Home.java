package lib.agents;

/// Where an agent keeps its configuration and its sessions while it runs.
///
///     new Home.Lasting("work-codex")
public sealed interface Home {
    /// Where it always does.
    record Own() implements Home {}

    /// In a folder that is made for the session and gone when it is over.
    record Throwaway() implements Home {}

    /// In a folder of the user's choice, which stays.
    ///
    /// @param dir as it was typed
    record Lasting(String dir) implements Home {}
}
