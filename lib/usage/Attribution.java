package lib.usage;

/// What a call is charged to besides its caller, agent and session, and how it reached its upstream. A text is
/// empty if it is not known.
///
///     new Attribution("anthropic-eu", 2, "platform", "", "", "", "", "")   // the second upstream answered
///
/// @param target the target of a route that answered
/// @param attempts the number of upstreams that were asked until one answered; 1 if there was only one
/// @param team the caller's team
/// @param project the project that the call belongs to
/// @param branch the branch of the repository that the agent worked in
/// @param tag a word that the caller chose
/// @param key the name of the key that was used, never the key itself
/// @param tool the tool that the call was made for
public record Attribution(
        String target, int attempts, String team, String project, String branch, String tag, String key, String tool) {
    /// The attribution of a call about which none of this is known.
    public static final Attribution NONE = new Attribution("", 1, "", "", "", "", "", "");
}
