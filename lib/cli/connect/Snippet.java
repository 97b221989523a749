package lib.cli.connect;

/// What somebody pastes to use a provider from a client.
///
/// @param client what `--client` calls it
/// @param title where it goes
/// @param text what is pasted, with a line end
record Snippet(String client, String title, String text) {}
