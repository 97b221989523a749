package lib.cli.manage;

import java.util.List;
import java.util.Optional;
import lib.api.DidYouMean;
import lib.api.ProviderType;
import lib.base.UserError;
import picocli.CommandLine.Model.OptionSpec;

/// A flag whose value is a type of provider.
///
///     new TypeFlag("--provider-type", "Only those of this type of provider.")
public final class TypeFlag {
    private final OptionSpec option;

    public TypeFlag(String name, String description) {
        option = FieldFlags.text(ProviderType.labels().replace(", ", "|"), description, name);
    }

    /// The flag, for a command that has it.
    public OptionSpec option() {
        return option;
    }

    /// The given type; empty if the flag was not given.
    ///
    /// @throws UserError for text that names no type
    public Optional<ProviderType> value() {
        return Optional.<String>ofNullable(option.getValue())
                .map(text -> ProviderType.named(text)
                        .orElseThrow(() -> UserError.usage(
                                "unknown %s \"%s\"".formatted(option.longestName(), text),
                                DidYouMean.hint(
                                        text,
                                        List.of(ProviderType.labels().split(", ")),
                                        "use one of " + ProviderType.labels()))));
    }
}
