package lib.doctor.checks;

import java.net.http.HttpResponse;
import java.util.Optional;
import lib.api.Provider;
import lib.auth.AccessToken;
import lib.auth.RefreshWindow;
import lib.base.Secret;
import lib.base.UserError;
import lib.doctor.CheckResult.Result;
import lib.doctor.DoctorCheck;
import lib.doctor.DoctorContext;
import lib.doctor.InspectedLaunch;
import lib.doctor.MinimalRequest;
import lib.http.Http.Retry;

/// Whether one real request works: through the gateway's proxy, with the launch's token and model.
final class RequestCheck implements DoctorCheck {
    private static final int LONGEST_MESSAGE = 160;

    @Override
    public String name() {
        return "request";
    }

    @Override
    public Result run(DoctorContext context) {
        if (!ProviderCheck.isUsable(context)) return Result.skipped("no usable provider");
        var launch = context.selectedLaunch();
        var refusal = launch.agent().whyNoRequest(context);
        if (refusal.isPresent()) return Result.skipped(refusal.get());
        var model = context.model(context.provider().provider()).name();
        if (model.isEmpty()) return Result.skipped("choose a model with -m");
        try {
            return send(model.get(), launch, context);
        } catch (UserError e) {
            return Result.failed(e.getMessage(), launch.doctorLater(60));
        }
    }

    private static Result send(String model, InspectedLaunch launch, DoctorContext context) {
        var token = token(context);
        var provider = context.provider().provider();
        var request = launch.agent()
                .smallestRequest(
                        new MinimalRequest(
                                context.proxyUrl(),
                                model,
                                token,
                                context.callPatience().multipliedBy(2)),
                        provider.map(Provider::type)
                                .orElse(launch.agent().agent().usual()));
        var begin = System.nanoTime();
        // The checks before left a connection open, which a proxy may have closed since.
        var response = context.http().exchange(request, Retry.UNANSWERED, "the model");
        var millis = (System.nanoTime() - begin) / 1_000_000;
        if (response.statusCode() / 100 == 2)
            return Result.ok("HTTP %d in %d ms from %s".formatted(response.statusCode(), millis, model));
        var error = RequestError.of(response.statusCode(), response.body());
        var message = shown(error.withoutCommand(), token);
        return Result.failed(
                "HTTP %d%s".formatted(error.status(), message.isEmpty() ? "" : ": " + message),
                context.embeddedKey().isPresent()
                        ? embeddedStep(error, response, model, launch, context)
                        : remoteStep(error, response, model, launch, provider));
    }

    private static Optional<Secret> token(DoctorContext context) {
        return context.embeddedKey()
                .or(() -> context.signIn()
                        .tokens()
                        .flatMap(tokens -> tokens.atLeast(RefreshWindow.DEFAULT))
                        .map(AccessToken::value));
    }

    /// The step after an error of a gateway elsewhere.
    private static String remoteStep(
            RequestError error,
            HttpResponse<String> response,
            String model,
            InspectedLaunch launch,
            Optional<Provider> provider) {
        return switch (error.cause()) {
            case NAMED_KEY ->
                launch.localCommand("secret set " + error.refusedKey().orElseThrow());
            // The token was good enough to read the provider a moment ago: it is the upstream that refuses the stored
            // key.
            case KEY ->
                provider.map(p -> launch.gatewayCommand("llm update %s %s NEW_REFERENCE"
                                .formatted(
                                        p.name(),
                                        p.type()
                                                .spec()
                                                .map(spec -> spec.config().keyFlag())
                                                .orElse("--api-key-ref"))))
                        .orElseGet(() -> launch.localCommand("auth login"));
            case PERMISSION -> "ask the gateway's administrator for dataplane_adp_llmprovider_invoke";
            default -> step(error, response, model, launch, provider);
        };
    }

    /// The step after an error of a gateway in this process, which takes its keys from this machine's variables.
    private static String embeddedStep(
            RequestError error,
            HttpResponse<String> response,
            String model,
            InspectedLaunch launch,
            DoctorContext context) {
        return switch (error.cause()) {
            case NAMED_KEY -> context.platform().export(error.refusedKey().orElseThrow(), "NEW_KEY");
            case AWS_CREDENTIALS -> awsStep(context);
            case KEY, PERMISSION ->
                launch.gatewayCommand("llm check " + launch.provider().orElseThrow());
            default -> step(error, response, model, launch, context.provider().provider());
        };
    }

    /// AWS credentials are two keys in variables, or a sign-in of the AWS CLI.
    private static String awsStep(DoctorContext context) {
        var host = context.host();
        if (host.variable("AWS_ACCESS_KEY_ID").isEmpty())
            return "aws sso login"
                    + host.variable("AWS_PROFILE").map(" --profile "::concat).orElse("");
        return context.platform().export("AWS_ACCESS_KEY_ID", "NEW_ID") + "; "
                + context.platform().export("AWS_SECRET_ACCESS_KEY", "NEW_KEY");
    }

    /// The step after an error that any gateway may answer with.
    private static String step(
            RequestError error,
            HttpResponse<String> response,
            String model,
            InspectedLaunch launch,
            Optional<Provider> provider) {
        var name = launch.provider().orElseThrow();
        return switch (error.cause()) {
            case CERTIFICATE -> error.certificateCommand().orElseThrow();
            case CREDIT -> "ask the account owner of \"%s\" to raise its budget or add credit".formatted(name);
            case MODEL_NOT_ALLOWED -> launch.runCommand(name, Optional.of(otherModel(provider, model)));
            case PROVIDER_DISABLED -> launch.gatewayCommand("llm update %s --enabled".formatted(name));
            case NOT_FOUND ->
                provider.isEmpty()
                        ? launch.gatewayCommand("llm list")
                        : launch.runCommand(name, Optional.of(otherModel(provider, model)));
            case TEMPORARY, AWS_CREDENTIALS ->
                launch.doctorLater(response.headers()
                        .firstValue("retry-after")
                        .filter(seconds -> seconds.matches("\\d{1,5}"))
                        .map(Long::valueOf)
                        .orElse(60L));
            case NAMED_KEY, KEY, PERMISSION, OTHER -> launch.gatewayCommand("llm check " + name);
        };
    }

    private static String otherModel(Optional<Provider> provider, String model) {
        return provider.stream()
                .flatMap(p -> p.models().stream())
                .filter(name -> !name.equals(model))
                .findFirst()
                .orElse("MODEL");
    }

    /// The message as it may be printed: without the token, should a server repeat it, and not too long.
    private static String shown(String message, Optional<Secret> token) {
        var text = token.map(t -> message.replace(t.reveal(), Secret.REDACTED))
                .orElse(message)
                .replaceAll("\\p{Cc}+", " ")
                .strip();
        return text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE) + " ...";
    }
}
