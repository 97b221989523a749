///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//SOURCES Library.java
// In a copy of yours: rpkai-library@org instead, by the name that you added the catalogue by.

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.launch.RpkaiCommand;

/// A gateway for a team, with three providers: what stands below is written to `providers.yaml` where there is
/// none, and followed from then on, so edit that while it runs. What you type goes to `rpkai gateway`.
///
///     rpkai secret set ANTHROPIC_KEY; jbang team-gateway@org --listen 127.0.0.1:8090
class team_gateway {
    static final String PROVIDERS = """
            name: team-claude
            displayName: Claude for everybody
            enabled: true
            anthropicConfig: {apiKeyRef: ANTHROPIC_KEY}
            providerModels: [{name: claude-sonnet-5-5}, {name: claude-haiku-5}]
            ---
            name: team-gpt
            displayName: GPT for everybody
            enabled: true
            openaiConfig: {apiKeyRef: OPENAI_KEY}
            ---
            name: team-ollama
            displayName: The model under the desk
            enabled: true
            openaiCompatibleConfig: {baseUrl: "http://127.0.0.1:11434"}
            """;

    public static void main(String... args) throws IOException {
        var manifest = Path.of("providers.yaml");
        if (!Files.exists(manifest)) Files.writeString(manifest, PROVIDERS);
        var command = new ArrayList<>(List.of("gateway", "-f", manifest.toString()));
        command.addAll(List.of(args));
        System.exit(RpkaiCommand.run(command.toArray(String[]::new)));
    }
}
