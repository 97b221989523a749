package lib;

import java.util.List;
import java.util.Set;
import lib.agents.process.Exec;
import lib.cli.Cli;
import lib.cli.Shortcut;
import lib.install.Self;

//JAVA 25+
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED -XX:-MaxFDLimit -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto
//COMPILE_OPTIONS -XDignore.symbol.file -XDstringConcat=inline
//DEPS info.picocli:picocli:4.7.7
//DEPS com.fasterxml.jackson.core:jackson-databind:2.22.4
//DEPS com.fasterxml.jackson.dataformat:jackson-dataformat-toml:2.22.4
//DEPS com.fasterxml.jackson.dataformat:jackson-dataformat-yaml:2.22.4
//DEPS com.github.mizosoft.methanol:methanol:1.9.0
//DEPS com.nimbusds:nimbus-jose-jwt:10.10
//DEPS io.helidon.webserver:helidon-webserver:4.5.0
//DEPS software.amazon.awssdk:auth:2.55.16
//DEPS software.amazon.awssdk:http-auth-aws:2.55.16
//DEPS software.amazon.eventstream:eventstream:1.0.1
//DEPS org.postgresql:postgresql:42.7.14
//DEPS org.webjars.npm:kurkle__color:0.3.4
//DEPS org.webjars.npm:chart.js:4.5.1
//DEPS org.xerial:sqlite-jdbc:3.54.1.0
//DEPS org.slf4j:slf4j-nop:2.0.17
//SOURCES Host.java
//SOURCES Json.java
//SOURCES NativeSqlite.java
//SOURCES PrivateFile.java
//SOURCES Progress.java
//SOURCES Secret.java
//SOURCES TerminalWidth.java
//SOURCES UserError.java
//SOURCES agents/Agent.java
//SOURCES agents/AgentBinary.java
//SOURCES agents/Agents.java
//SOURCES agents/Asked.java
//SOURCES agents/Connection.java
//SOURCES agents/Explanation.java
//SOURCES agents/Folders.java
//SOURCES agents/HelperCommand.java
//SOURCES agents/Home.java
//SOURCES agents/LastingHome.java
//SOURCES agents/LaunchPlan.java
//SOURCES agents/Launcher.java
//SOURCES agents/LeftBehind.java
//SOURCES agents/ModelCheck.java
//SOURCES agents/NoProxy.java
//SOURCES agents/NpmInstall.java
//SOURCES agents/ProviderCheck.java
//SOURCES agents/Renewal.java
//SOURCES agents/Rivals.java
//SOURCES agents/SettingsFile.java
//SOURCES agents/ShellWord.java
//SOURCES agents/ThrowawayHome.java
//SOURCES agents/TokenSource.java
//SOURCES agents/claude/ClaudeAgent.java
//SOURCES agents/claude/ClaudeArguments.java
//SOURCES agents/claude/ClaudeCode.java
//SOURCES agents/claude/ClaudeMode.java
//SOURCES agents/claude/ClaudeModelCheck.java
//SOURCES agents/claude/ClaudeOverlay.java
//SOURCES agents/claude/ClaudePassthrough.java
//SOURCES agents/claude/ClaudeSettings.java
//SOURCES agents/claude/ClaudeVariables.java
//SOURCES agents/claude/UsersOwn.java
//SOURCES agents/codex/Codex.java
//SOURCES agents/codex/CodexAgent.java
//SOURCES agents/codex/CodexArguments.java
//SOURCES agents/codex/CodexConfig.java
//SOURCES agents/codex/CodexProgram.java
//SOURCES agents/codex/CodexRefusals.java
//SOURCES agents/codex/CodexToken.java
//SOURCES agents/codex/CodexVariables.java
//SOURCES agents/codex/CodexVersion.java
//SOURCES agents/codex/Effort.java
//SOURCES agents/exec/AnyProgram.java
//SOURCES agents/gemini/GeminiCli.java
//SOURCES agents/gemini/QwenCode.java
//SOURCES agents/gemini/SystemSettings.java
//SOURCES agents/opencode/OpenCode.java
//SOURCES agents/opencode/OpenCodeSettings.java
//SOURCES agents/process/Exec.java
//SOURCES agents/process/Image.java
//SOURCES agents/process/Inherited.java
//SOURCES agents/process/Libc.java
//SOURCES agents/process/OpenFiles.java
//SOURCES agents/process/OriginalText.java
//SOURCES agents/process/Proc.java
//SOURCES agents/process/Terminal.java
//SOURCES agents/process/WaitStatus.java
//SOURCES agents/process/WaitingParent.java
//SOURCES auth/AccessToken.java
//SOURCES auth/CachedToken.java
//SOURCES auth/CredentialStore.java
//SOURCES auth/Credentials.java
//SOURCES auth/DeviceLogin.java
//SOURCES auth/DeviceTokens.java
//SOURCES auth/FreshToken.java
//SOURCES auth/IdentityProvider.java
//SOURCES auth/PlainJson.java
//SOURCES auth/RpkTokens.java
//SOURCES auth/ServiceAccountTokens.java
//SOURCES auth/SignInPlace.java
//SOURCES auth/SignOut.java
//SOURCES auth/SignedOut.java
//SOURCES auth/StaticTokens.java
//SOURCES auth/TokenAnswer.java
//SOURCES auth/Tokens.java
//SOURCES auth/Uninterrupted.java
//SOURCES cli/AccountCommand.java
//SOURCES cli/AgentOptions.java
//SOURCES cli/AliasCommand.java
//SOURCES cli/AuthCommand.java
//SOURCES cli/Browser.java
//SOURCES cli/ClaudeOptions.java
//SOURCES cli/Cli.java
//SOURCES cli/CloudCommand.java
//SOURCES cli/CodexOptions.java
//SOURCES cli/Commands.java
//SOURCES cli/Context.java
//SOURCES cli/DemoScriptOption.java
//SOURCES cli/DisplayWidth.java
//SOURCES cli/DoctorCommand.java
//SOURCES cli/Durations.java
//SOURCES cli/EnvironmentPicker.java
//SOURCES cli/ExplainAgentCommand.java
//SOURCES cli/ExplainCommand.java
//SOURCES cli/Flag.java
//SOURCES cli/GatewayAddress.java
//SOURCES cli/GatewayAuth.java
//SOURCES cli/GatewayCommand.java
//SOURCES cli/GatewayManifests.java
//SOURCES cli/GatewayOperations.java
//SOURCES cli/GatewayStateOption.java
//SOURCES cli/GlobalFlags.java
//SOURCES cli/InstallCommand.java
//SOURCES cli/Manifests.java
//SOURCES cli/ModelCommand.java
//SOURCES cli/NewCommand.java
//SOURCES cli/Output.java
//SOURCES cli/RunAgentCommand.java
//SOURCES cli/RunClaudeCommand.java
//SOURCES cli/RunCodexCommand.java
//SOURCES cli/SecretCommand.java
//SOURCES cli/ServerProcess.java
//SOURCES cli/Shortcut.java
//SOURCES cli/StopSignal.java
//SOURCES cli/Style.java
//SOURCES cli/Table.java
//SOURCES cli/TokenShortcut.java
//SOURCES cli/Training.java
//SOURCES cli/UiCommand.java
//SOURCES cli/UninstallCommand.java
//SOURCES cli/UpgradeCommand.java
//SOURCES cli/UsageStoreOption.java
//SOURCES cli/VersionCommand.java
//SOURCES cli/completion/CachedNames.java
//SOURCES cli/completion/CompletedCommand.java
//SOURCES cli/completion/CompletionCommand.java
//SOURCES cli/completion/FishCompletion.java
//SOURCES cli/completion/NamesShortcut.java
//SOURCES cli/completion/OfferedNames.java
//SOURCES cli/completion/ShellCompletion.java
//SOURCES cli/connect/ByHand.java
//SOURCES cli/connect/ConnectCommand.java
//SOURCES cli/connect/Curl.java
//SOURCES cli/connect/Sdk.java
//SOURCES cli/connect/Snippet.java
//SOURCES cli/connect/Target.java
//SOURCES cli/env/EnvAdd.java
//SOURCES cli/env/EnvDelete.java
//SOURCES cli/env/EnvList.java
//SOURCES cli/env/EnvRename.java
//SOURCES cli/env/EnvShow.java
//SOURCES cli/env/EnvUse.java
//SOURCES cli/env/EnvironmentNames.java
//SOURCES cli/help/CommandPage.java
//SOURCES cli/help/HelpText.java
//SOURCES cli/llm/LlmCheck.java
//SOURCES cli/llm/LlmList.java
//SOURCES cli/llm/LlmTypes.java
//SOURCES cli/llm/ModelFlags.java
//SOURCES cli/llm/Pricing.java
//SOURCES cli/llm/ProviderDraft.java
//SOURCES cli/llm/ProviderFlags.java
//SOURCES cli/manage/ApplyCommand.java
//SOURCES cli/manage/CreateCommand.java
//SOURCES cli/manage/DeleteCommand.java
//SOURCES cli/manage/DiffCommand.java
//SOURCES cli/manage/DiffReport.java
//SOURCES cli/manage/Draft.java
//SOURCES cli/manage/DraftFlags.java
//SOURCES cli/manage/FieldFlags.java
//SOURCES cli/manage/GetCommand.java
//SOURCES cli/manage/Outcome.java
//SOURCES cli/manage/Reconciliation.java
//SOURCES cli/manage/UpdateCommand.java
//SOURCES cli/manage/Words.java
//SOURCES cli/usage/BudgetCommand.java
//SOURCES cli/usage/UsageCommand.java
//SOURCES cli/usage/UsageSource.java
//SOURCES cli/usage/UsageTable.java
//SOURCES config/AuthMode.java
//SOURCES config/Cloud.java
//SOURCES config/ConfigFile.java
//SOURCES config/Flags.java
//SOURCES config/OutputFormat.java
//SOURCES config/PlainConfig.java
//SOURCES config/PlainYaml.java
//SOURCES config/Profile.java
//SOURCES config/Settings.java
//SOURCES doctor/Agent.java
//SOURCES doctor/AgentCheck.java
//SOURCES doctor/Check.java
//SOURCES doctor/Chosen.java
//SOURCES doctor/ChosenModel.java
//SOURCES doctor/ClockCheck.java
//SOURCES doctor/CodexPolicyCheck.java
//SOURCES doctor/Doctor.java
//SOURCES doctor/EnvironmentCheck.java
//SOURCES doctor/GatewayCheck.java
//SOURCES doctor/Hint.java
//SOURCES doctor/Issuer.java
//SOURCES doctor/Launch.java
//SOURCES doctor/Obstacle.java
//SOURCES doctor/OneToken.java
//SOURCES doctor/Platform.java
//SOURCES doctor/ProviderChecks.java
//SOURCES doctor/ProxyCheck.java
//SOURCES doctor/Report.java
//SOURCES doctor/RequestCheck.java
//SOURCES doctor/Route.java
//SOURCES doctor/RouteChecks.java
//SOURCES doctor/SettingsCheck.java
//SOURCES doctor/SignIn.java
//SOURCES doctor/SignInCheck.java
//SOURCES doctor/Soon.java
//SOURCES doctor/Subject.java
//SOURCES doctor/TlsCheck.java
//SOURCES doctor/Trial.java
//SOURCES doctor/Version.java
//SOURCES gateway/Access.java
//SOURCES gateway/Agent.java
//SOURCES gateway/Answers.java
//SOURCES gateway/AnthropicDemo.java
//SOURCES gateway/AnthropicMessage.java
//SOURCES gateway/AnthropicRequest.java
//SOURCES gateway/AnthropicWire.java
//SOURCES gateway/AsItIs.java
//SOURCES gateway/AssumedRoles.java
//SOURCES gateway/AwsCredentials.java
//SOURCES gateway/AwsSignature.java
//SOURCES gateway/BadRequest.java
//SOURCES gateway/BedrockBetas.java
//SOURCES gateway/BedrockDemo.java
//SOURCES gateway/BedrockWire.java
//SOURCES gateway/Caller.java
//SOURCES gateway/Callers.java
//SOURCES gateway/ChatCompletion.java
//SOURCES gateway/ChatRequest.java
//SOURCES gateway/CleartextUpstream.java
//SOURCES gateway/ClientConnection.java
//SOURCES gateway/ClientCredentials.java
//SOURCES gateway/ClientWatch.java
//SOURCES gateway/ConnectError.java
//SOURCES gateway/ConnectionCheck.java
//SOURCES gateway/Connections.java
//SOURCES gateway/ConverseReply.java
//SOURCES gateway/ConverseRequest.java
//SOURCES gateway/Credentials.java
//SOURCES gateway/Demo.java
//SOURCES gateway/DemoReply.java
//SOURCES gateway/DemoRequest.java
//SOURCES gateway/DemoSchema.java
//SOURCES gateway/DemoScript.java
//SOURCES gateway/EmbeddedGateway.java
//SOURCES gateway/EventStream.java
//SOURCES gateway/Exchange.java
//SOURCES gateway/Front.java
//SOURCES gateway/GatewayConfig.java
//SOURCES gateway/GoogleDemo.java
//SOURCES gateway/GoogleReply.java
//SOURCES gateway/GoogleRequest.java
//SOURCES gateway/GoogleWire.java
//SOURCES gateway/HelidonServer.java
//SOURCES gateway/HopByHop.java
//SOURCES gateway/HostedProvider.java
//SOURCES gateway/HostedProviders.java
//SOURCES gateway/Http1Answer.java
//SOURCES gateway/Http1Connection.java
//SOURCES gateway/Http1Head.java
//SOURCES gateway/JdkUpstream.java
//SOURCES gateway/KeptObjects.java
//SOURCES gateway/KeysUnavailable.java
//SOURCES gateway/LazyClient.java
//SOURCES gateway/LoopbackGuard.java
//SOURCES gateway/MachineProviders.java
//SOURCES gateway/Management.java
//SOURCES gateway/ManagementCall.java
//SOURCES gateway/McpWire.java
//SOURCES gateway/Meter.java
//SOURCES gateway/Metered.java
//SOURCES gateway/ModelService.java
//SOURCES gateway/OnlyRoutes.java
//SOURCES gateway/OpenAiDemo.java
//SOURCES gateway/OpenAiWire.java
//SOURCES gateway/Operations.java
//SOURCES gateway/Pager.java
//SOURCES gateway/Pages.java
//SOURCES gateway/Patrol.java
//SOURCES gateway/Permission.java
//SOURCES gateway/Presence.java
//SOURCES gateway/Probe.java
//SOURCES gateway/ProviderService.java
//SOURCES gateway/Proxy.java
//SOURCES gateway/ProxyPath.java
//SOURCES gateway/Refusal.java
//SOURCES gateway/Relay.java
//SOURCES gateway/RequestBody.java
//SOURCES gateway/RequestedModels.java
//SOURCES gateway/ResponsesReply.java
//SOURCES gateway/ResponsesRequest.java
//SOURCES gateway/Routes.java
//SOURCES gateway/ServerCertificate.java
//SOURCES gateway/ServerProxy.java
//SOURCES gateway/ServerService.java
//SOURCES gateway/Shell.java
//SOURCES gateway/StatusPages.java
//SOURCES gateway/StoredServer.java
//SOURCES gateway/StoredUpstream.java
//SOURCES gateway/Upload.java
//SOURCES gateway/Upstream.java
//SOURCES gateway/UpstreamAnswer.java
//SOURCES gateway/UpstreamRequest.java
//SOURCES gateway/UsageApi.java
//SOURCES gateway/Visits.java
//SOURCES gateway/Wire.java
//SOURCES gateway/issuer/ApprovalPage.java
//SOURCES gateway/issuer/DeviceGrants.java
//SOURCES gateway/issuer/Form.java
//SOURCES gateway/issuer/IssuedCallers.java
//SOURCES gateway/issuer/Issuer.java
//SOURCES gateway/issuer/OAuthError.java
//SOURCES gateway/issuer/SigningKeys.java
//SOURCES gateway/issuer/TokenEndpoint.java
//SOURCES gateway/manage/BaseUrl.java
//SOURCES gateway/manage/BudgetDefinition.java
//SOURCES gateway/manage/Definitions.java
//SOURCES gateway/manage/Field.java
//SOURCES gateway/manage/FieldMask.java
//SOURCES gateway/manage/InvalidDefinition.java
//SOURCES gateway/manage/ManifestFile.java
//SOURCES gateway/manage/ManifestWatch.java
//SOURCES gateway/manage/Manifests.java
//SOURCES gateway/manage/Problems.java
//SOURCES gateway/manage/Rules.java
//SOURCES gateway/manage/Schema.java
//SOURCES gateway/manage/ServerRules.java
//SOURCES gateway/manage/ServerSchema.java
//SOURCES gateway/manage/Violation.java
//SOURCES gateway/oidc/CheckedTokens.java
//SOURCES gateway/oidc/OidcCallers.java
//SOURCES gateway/oidc/OpenIdProvider.java
//SOURCES gateway/oidc/PublishedKeys.java
//SOURCES gateway/oidc/RoleRules.java
//SOURCES gateway/oidc/SignInPlace.java
//SOURCES gateway/oidc/TokenVerifier.java
//SOURCES gateway/state/Account.java
//SOURCES gateway/state/Database.java
//SOURCES gateway/state/GatewayState.java
//SOURCES gateway/state/KeyPlace.java
//SOURCES gateway/state/Keychain.java
//SOURCES gateway/state/SealedSecret.java
//SOURCES gateway/state/SecretKeys.java
//SOURCES gateway/state/SecretName.java
//SOURCES gateway/state/Secrets.java
//SOURCES gateway/state/Stored.java
//SOURCES gateway/state/StoredAccounts.java
//SOURCES gateway/state/StoredRates.java
//SOURCES gateway/state/StoredResource.java
//SOURCES gateway/state/StoredResources.java
//SOURCES gateway/state/StoredSecrets.java
//SOURCES gateway/state/StoredSignIns.java
//SOURCES gateway/telemetry/AccessLog.java
//SOURCES gateway/telemetry/Histogram.java
//SOURCES gateway/telemetry/Metrics.java
//SOURCES http/ExtraTrust.java
//SOURCES http/Http.java
//SOURCES http/NoTls.java
//SOURCES http/ProxyVariables.java
//SOURCES http/Unreachable.java
//SOURCES install/AotCache.java
//SOURCES install/Background.java
//SOURCES install/ClassPath.java
//SOURCES install/Installation.java
//SOURCES install/Jdk.java
//SOURCES install/Newest.java
//SOURCES install/Offer.java
//SOURCES install/OldClass.java
//SOURCES install/OldGeneration.java
//SOURCES install/OneJar.java
//SOURCES install/Origin.java
//SOURCES install/Self.java
//SOURCES install/ShellProfile.java
//SOURCES install/Shim.java
//SOURCES install/TrainingHome.java
//SOURCES install/Version.java
//SOURCES launch/Ended.java
//SOURCES launch/GatewaySession.java
//SOURCES launch/Launch.java
//SOURCES launch/Launching.java
//SOURCES launch/Template.java
//SOURCES models/Catalogue.java
//SOURCES models/Model.java
//SOURCES providers/Changes.java
//SOURCES providers/Connect.java
//SOURCES providers/Environments.java
//SOURCES providers/Kind.java
//SOURCES providers/LlmKind.java
//SOURCES providers/LlmProviders.java
//SOURCES providers/Lookup.java
//SOURCES providers/Management.java
//SOURCES providers/Manifest.java
//SOURCES providers/McpKind.java
//SOURCES providers/Models.java
//SOURCES providers/Nearest.java
//SOURCES providers/Provider.java
//SOURCES providers/ProviderType.java
//SOURCES providers/Providers.java
//SOURCES providers/ProxyUrl.java
//SOURCES providers/Resource.java
//SOURCES providers/Resources.java
//SOURCES usage/Call.java
//SOURCES usage/EventFrames.java
//SOURCES usage/EventLines.java
//SOURCES usage/Gunzip.java
//SOURCES usage/JsonScan.java
//SOURCES usage/ModelReader.java
//SOURCES usage/Usage.java
//SOURCES usage/UsageFields.java
//SOURCES usage/UsageReader.java
//SOURCES usage/budget/Budget.java
//SOURCES usage/budget/BudgetJson.java
//SOURCES usage/budget/BudgetTable.java
//SOURCES usage/budget/Budgets.java
//SOURCES usage/budget/Period.java
//SOURCES usage/budget/Spending.java
//SOURCES usage/budget/Target.java
//SOURCES usage/budget/Verdict.java
//SOURCES usage/page/PageFile.java
//SOURCES usage/page/PageReport.java
//SOURCES usage/page/SessionCookie.java
//SOURCES usage/page/Sessions.java
//SOURCES usage/page/UsagePage.java
//SOURCES usage/prices/Cost.java
//SOURCES usage/prices/ListPrices.java
//SOURCES usage/prices/ModelId.java
//SOURCES usage/prices/Price.java
//SOURCES usage/prices/Prices.java
//SOURCES usage/prices/Rates.java
//SOURCES usage/report/Dimension.java
//SOURCES usage/report/Figures.java
//SOURCES usage/report/Latencies.java
//SOURCES usage/report/Parameters.java
//SOURCES usage/report/Question.java
//SOURCES usage/report/Report.java
//SOURCES usage/report/ReportJson.java
//SOURCES usage/report/SessionLine.java
//SOURCES usage/report/Sums.java
//SOURCES usage/report/TokenKind.java
//SOURCES usage/report/Window.java
//SOURCES usage/store/Accounting.java
//SOURCES usage/store/Batch.java
//SOURCES usage/store/BatchWriter.java
//SOURCES usage/store/Database.java
//SOURCES usage/store/Retention.java
//SOURCES usage/store/Schema.java
//SOURCES usage/store/Selection.java
//SOURCES usage/store/StoredBudgets.java
//SOURCES usage/store/UsageReports.java
//SOURCES usage/store/UsageStore.java
//FILES lib/models/models.json=models/models.json
//FILES lib/usage/page/chart.js=usage/page/chart.js
//FILES lib/usage/page/filters.js=usage/page/filters.js
//FILES lib/usage/page/fold.js=usage/page/fold.js
//FILES lib/usage/page/format.js=usage/page/format.js
//FILES lib/usage/page/gateway.js=usage/page/gateway.js
//FILES lib/usage/page/icon.svg=usage/page/icon.svg
//FILES lib/usage/page/page.css=usage/page/page.css
//FILES lib/usage/page/page.html=usage/page/page.html
//FILES lib/usage/page/page.js=usage/page/page.js
//FILES lib/usage/page/state.js=usage/page/state.js
//FILES lib/usage/page/table.js=usage/page/table.js
//FILES lib/usage/page/theme.js=usage/page/theme.js
//FILES lib/usage/prices/prices.json=usage/prices/prices.json
//FILES templates/launch-test.java.qute=../catalog/templates/launch-test.java.qute
//FILES templates/launch.java.qute=../catalog/templates/launch.java.qute
//FILES templates/providers.yaml.qute=../catalog/templates/providers.yaml.qute

/// The whole of rpkai, listed once: what it depends on, and every source file. A script of your own says
/// `///
/// Its `main` is the way in that needs no JBang: the command by which an agent asks this installation for a token.
///
///     java -cp "$CLASS_PATH" lib.Rpkai auth token
public final class Rpkai {
    /// The version, as `rpkai version` prints it.
    public static final String VERSION = "0.1.0";

    private Rpkai() {}

    /// Runs a command line and ends the process with its exit code.
    ///
    /// A script that has this file among its sources says which `main` is its own: `//MAIN my_launch`.
    public static void main(String... args) {
        if (Shortcut.take(args)) return;
        end(run(Host.system(), args));
    }

    /// Runs a command line as the installed command does.
    ///
    /// @return the exit code
    public static int run(Host host, String... args) {
        Self.keepFit();
        Self.offer(host, args);
        // A launch hands them on. No other command needs to know, and looking takes as long as a short one.
        var launch = List.of(args).contains("run");
        var inheritedFiles = launch ? Exec.openFiles() : Set.<Integer>of();
        if (launch) Exec.prepare();
        return Cli.run(host, inheritedFiles, args);
    }

    /// Ends the process as System.exit does, but for two of its steps that take longer than most commands: it looks through
    /// every jar for a logger to tell, and waits 0.3 s for threads that wait for the network.
    private static void end(int exitCode) {
        System.out.flush();
        System.err.flush();
        if (exitCode == 0 && onlyDaemonsAreLeft()) return;
        try {
            Runtime.getRuntime().addShutdownHook(new Thread());
            Runtime.getRuntime().halt(exitCode);
        } catch (IllegalStateException endingAlready) {
            // A signal came first: what waits for it has yet to finish.
            System.exit(exitCode);
        }
    }

    private static boolean onlyDaemonsAreLeft() {
        var threads = new Thread[64];
        int count = Thread.currentThread().getThreadGroup().enumerate(threads);
        for (int i = 0; i < count; i++) {
            if (threads[i] != Thread.currentThread() && !threads[i].isDaemon()) return false;
        }
        return count < threads.length;
    }
}
