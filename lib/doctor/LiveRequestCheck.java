package lib.doctor;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import lib.agents.claude.ClaudeMode;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.api.ProxyUrl;
import lib.auth.AccessToken;
import lib.auth.Tokens;
import lib.base.Secret;
import lib.base.UserError;
import lib.http.Http.Retry;

/// The one real request: through the proxy of the gateway, with the launch's token and model.
final class LiveRequestCheck {
    private LiveRequestCheck() {}

    static CheckResult of(SelectedProvider chosen, Doctor.Gateway gateway) {
        if (!chosen.usable()) return CheckResult.skipped(RequestCheck.NAME, "no provider that can be used");
        var subject = chosen.subject();
        var launch = subject.launch();
        if (launch.agent().isClaude() && DoctorContext.mode(chosen.provider()) == ClaudeMode.PASSTHROUGH) {
            return CheckResult.skipped(
                    RequestCheck.NAME,
                    "your own login is known to Claude Code alone: try %s -- -p Hi"
                            .formatted(launch.run(launch.provider().orElseThrow(), launch.model())));
        }
        var model = subject.model(chosen.provider()).name();
        if (model.isEmpty()) return CheckResult.skipped(RequestCheck.NAME, "name a model with -m");
        var patience = subject.patience().multipliedBy(2);
        return TimedResult.start(
                        () -> ask(
                                chosen,
                                gateway,
                                model.get(),
                                subject.callPatience().multipliedBy(2)),
                        CheckResult.failed(
                                RequestCheck.NAME,
                                "no answer within %d s".formatted(patience.toSeconds()),
                                launch.later(60)),
                        patience)
                .get();
    }

    private static CheckResult ask(SelectedProvider chosen, Doctor.Gateway gateway, String model, Duration patience) {
        var subject = chosen.subject();
        try {
            var token = gateway.bearer()
                    .or(() -> gateway.tokens()
                            .flatMap(tokens -> tokens.atLeast(Tokens.DEFAULT_WINDOW))
                            .map(AccessToken::value));
            var begin = System.nanoTime();
            var response =
                    subject.http().exchange(request(chosen, gateway, model, token, patience), Retry.NEVER, "the model");
            var answer = new RequestCheck.Answer(
                    response.statusCode(),
                    response.body(),
                    response.headers().firstValue("retry-after"),
                    Duration.ofNanos(System.nanoTime() - begin));
            return RequestCheck.of(
                    answer,
                    model,
                    chosen.provider(),
                    gateway.bearer().map(_ -> subject.host().env()),
                    token,
                    subject.launch(),
                    subject.platform());
        } catch (UserError e) {
            return CheckResult.failed(
                    RequestCheck.NAME, e.getMessage(), subject.launch().later(60));
        }
    }

    private static HttpRequest request(
            SelectedProvider chosen, Doctor.Gateway gateway, String model, Optional<Secret> token, Duration patience) {
        var launch = chosen.subject().launch();
        var proxyUrl = ProxyUrl.of(gateway.url(), launch.provider().orElseThrow());
        if (launch.agent().isCodex()) return MinimalRequest.forCodex(proxyUrl, model, token, patience);
        var type = chosen.provider()
                .map(Provider::type)
                .orElse(launch.agent().launched().usual());
        if (type.equals(ProviderType.GOOGLE)) return MinimalRequest.forGoogle(proxyUrl, model, token, patience);
        if (type.equals(ProviderType.OPENAI) || type.equals(ProviderType.OPENAI_COMPATIBLE))
            return MinimalRequest.forChat(proxyUrl, type, model, token, patience);
        var mode = type.equals(ProviderType.BEDROCK) ? ClaudeMode.BEDROCK : DoctorContext.mode(chosen.provider());
        return MinimalRequest.forClaude(proxyUrl, mode, model, token, patience);
    }
}
