package lib.agents;

/// How a launch takes what it can warn of or refuse.
///
///     LaunchRequest.nothing().taking(Strictness.USUAL.refusingDeniedModels())
///
/// @param allowsOldAgent whether an agent older than the oldest that is safe is a warning, `--allow-old-agent`
/// @param refusesDeniedModel whether a model that the provider is known not to allow is refused, `--strict-model`
public record Strictness(boolean allowsOldAgent, boolean refusesDeniedModel) {
    /// An old agent is refused, a denied model is a warning.
    public static final Strictness USUAL = new Strictness(false, false);

    /// The same with old agents allowed.
    public Strictness allowingOldAgents() {
        return new Strictness(true, refusesDeniedModel);
    }

    /// The same with denied models refused.
    public Strictness refusingDeniedModels() {
        return new Strictness(allowsOldAgent, true);
    }
}
