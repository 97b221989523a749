package lib.doctor;

import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import lib.agents.Agent;
import lib.agents.codex.CodexAgent;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.Host;
import lib.doctor.CheckResult.Result;

/// Codex. It asks for fresh tokens, chooses its own model, and speaks the Responses API alone.
record CodexDoctorAgent() implements DoctorAgent {
    private static final List<String> REROUTING_KEYS =
            List.of("model_provider", "model_providers", "profile", "openai_base_url", "chatgpt_base_url");

    @Override
    public Agent agent() {
        return CodexAgent.STANDARD;
    }

    @Override
    public boolean takesStaticToken() {
        return false;
    }

    @Override
    public boolean hasDefaultModel() {
        return true;
    }

    @Override
    public SelectedModel model(Optional<String> asked, Host host, Optional<Provider> provider) {
        return SelectedModel.asked(asked)
                .orElseGet(() -> new SelectedModel(
                        provider.map(Provider::models)
                                .filter(models -> models.size() == 1)
                                .map(List::getFirst),
                        "the only one allowed"));
    }

    @Override
    public HttpRequest smallestRequest(MinimalRequest request, ProviderType type) {
        return request.forResponses();
    }

    /// The machine's policy for Codex outranks the command line, and with it the launch. A session reads no other
    /// file of the user's: it has a home of its own.
    ///
    /// @see <a href="https://github.com/openai/codex/pull/8762">where the policy is</a>
    @Override
    public Result settings(DoctorContext context, boolean usable) {
        var file = context.host().root().resolve("etc/codex/managed_config.toml");
        if (!Files.isRegularFile(file)) return Result.ok("Codex gets its own home");
        try {
            var policy = new TomlMapper().readTree(Files.readString(file));
            return REROUTING_KEYS.stream()
                    .filter(policy::has)
                    .findFirst()
                    .map(key -> Result.failed(
                            "%s sets %s, which overrides the launch".formatted(file, key),
                            "edit %s and remove %s".formatted(file, key)))
                    .orElseGet(() -> Result.ok("%s, no conflicts".formatted(file)));
        } catch (IOException e) {
            return Result.warning(
                    "%s is not valid TOML".formatted(file), "edit %s and correct its TOML".formatted(file));
        }
    }
}
