package lib.doctor;

import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import lib.agents.Agent;
import lib.agents.AgentBinary;
import lib.agents.AgentVersion;
import lib.agents.Explanation;
import lib.agents.MinimumVersion;
import lib.agents.SettingsFile;
import lib.agents.claude.ClaudeAgent;
import lib.agents.codex.CodexAgent;
import lib.agents.registry.Agents;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.Host;
import lib.base.UserError;
import lib.doctor.CheckResult.Result;

/// An agent, with all that the doctor has to know of it. The defaults are right for an agent that takes its settings
/// from the launch and speaks its provider's usual API; Claude Code and Codex differ.
///
///     DoctorAgent.of("codex")   // Optional[CodexDoctorAgent[]]
public interface DoctorAgent {
    /// Every agent that `rpkai run` launches, in the order of the help.
    static List<DoctorAgent> all() {
        return Agents.ALL.stream().map(entry -> of(entry.agent())).toList();
    }

    /// What the doctor knows of that agent. This is the one place that tells agents apart.
    private static DoctorAgent of(Agent agent) {
        if (agent instanceof ClaudeAgent) return new ClaudeDoctorAgent();
        return agent instanceof CodexAgent ? new CodexDoctorAgent() : new Other(agent);
    }

    /// The agent of that name on the command line.
    static Optional<DoctorAgent> of(String name) {
        return all().stream().filter(agent -> agent.label().equals(name)).findFirst();
    }

    /// An agent without special treatment.
    record Other(Agent agent) implements DoctorAgent {}

    /// The agent as `rpkai run` launches it.
    Agent agent();

    /// Its name on the command line.
    default String label() {
        return binary().name();
    }

    /// Its program.
    default AgentBinary binary() {
        return agent().binary();
    }

    /// The types of provider that it can use.
    default Set<ProviderType> types() {
        return agent().types();
    }

    /// Whether a launch takes that provider. One that passes the user's own credentials through needs an agent that
    /// has some.
    default boolean speaksTo(Provider provider) {
        return types().contains(provider.type()) && !(provider.passthrough() && agent().needsRelay());
    }

    /// The names of the enabled providers that it can use.
    default List<String> usable(List<Provider> providers) {
        return providers.stream()
                .filter(provider -> provider.enabled() && speaksTo(provider))
                .map(Provider::name)
                .toList();
    }

    /// The oldest version that a launch takes, else the version that a launch was tested with; empty for a program
    /// that rpkai knows nothing of.
    default Optional<AgentVersion> expectedVersion() {
        return agent().oldest().map(MinimumVersion::version).or(() -> AgentVersion.in(binary().version()));
    }

    /// Whether a launch refuses an older version than the expected one.
    default boolean refusesOlder() {
        return agent().oldest().isPresent();
    }

    /// Whether a static gateway token is enough for it.
    default boolean takesStaticToken() {
        return true;
    }

    /// Whether it has a default model, so that a launch need not name one.
    default boolean hasDefaultModel() {
        return false;
    }

    /// The model that a session starts with.
    ///
    /// @param asked `-m`
    /// @param provider empty where it can't be read
    default SelectedModel model(Optional<String> asked, Host host, Optional<Provider> provider) {
        return SelectedModel.asked(asked)
                .orElseGet(() -> new SelectedModel(
                        provider.flatMap(p -> p.models().stream().findFirst()), "the first that is allowed"));
    }

    /// The smallest request that shows whether a session will work.
    ///
    /// @param type the type of the provider
    default HttpRequest smallestRequest(MinimalRequest request, ProviderType type) {
        return request.forType(type.spec().or(() -> agent().usual().spec()).orElseThrow());
    }

    /// Why the doctor can't send that request in the agent's place; empty where it can.
    default Optional<String> whyNoRequest(DoctorContext context) {
        return Optional.empty();
    }

    /// Whether a settings file that the agent reads besides the launch's own gets in the way.
    ///
    /// @param usable whether the provider can be used
    default Result settings(DoctorContext context, boolean usable) {
        if (!usable) return Result.skipped("no usable provider");
        var files = agent().settingsFiles(context.host());
        var broken = files.stream().filter(SettingsFile::broken).findFirst();
        if (broken.isPresent())
            return Result.warning(
                    "%s is not valid JSON".formatted(broken.get().path()),
                    "edit %s and correct its JSON".formatted(broken.get().path()));
        try {
            var plan = context.plan(
                    context.selectedLaunch(),
                    context.gatewayUrl(),
                    context.provider().provider());
            return overridden(
                    files,
                    Explanation.of(plan, Map.of(), files).stream()
                            .filter(line -> !line.displaced().isEmpty())
                            .map(line -> line.name().replaceFirst("^settings: ", ""))
                            .toList());
        } catch (UserError e) {
            return Result.failed(e.getMessage(), e.remedy().text());
        }
    }

    /// No settings file gets in the way.
    ///
    /// @param files the files that the agent reads
    /// @param keys the keys in them that the launch overrides
    static Result overridden(List<SettingsFile> files, List<String> keys) {
        if (files.isEmpty()) return Result.ok("no settings file applies");
        return Result.ok((files.size() == 1 ? "1 file" : files.size() + " files")
                + (keys.isEmpty() ? ", no conflicts" : ", overridden: " + String.join(", ", keys)));
    }
}
