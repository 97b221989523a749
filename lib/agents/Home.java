package lib.agents;

/// The folder in which an agent keeps its configuration and its sessions while it runs.
///
///     new Home.Lasting("work-codex")
public sealed interface Home {
    /// The agent's usual home.
    record Own() implements Home {}

    /// A folder that is made for the session and deleted when the session ends.
    record Throwaway() implements Home {}

    /// A folder of the user's choice, which stays.
    ///
    /// @param dir the folder as the user typed it
    record Lasting(String dir) implements Home {}
}
