package lib.usage;

/// Who and what a call is charged to, beside its caller, agent and session, and how it got to its upstream. Every
/// text is empty where nothing is known.
///
///     new Attribution("anthropic-eu", 2, "platform", "", "", "", "", "")   // the second upstream answered
///
/// @param target the target of a route that answered
/// @param attempts how many upstreams were asked until one answered; 1 where there was only one
/// @param team the caller's team
/// @param project the project that the call belongs to
/// @param branch the branch of the repository that the agent worked in
/// @param tag a word of the caller's own choice
/// @param key the name of the key that was used, never the key
/// @param tool the tool that the call was made for
public record Attribution(
        String target, int attempts, String team, String project, String branch, String tag, String key, String tool) {
    /// A call of which nothing of this is known.
    public static final Attribution NONE = new Attribution("", 1, "", "", "", "", "", "");
}
