package lib.cli.connect;

/// A text that the user pastes to use a provider from a client.
///
/// @param client the client's name for `--client`
/// @param title the place for the text
/// @param text the text, with a line end
record Snippet(String client, String title, String text) {}
