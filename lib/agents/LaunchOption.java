package lib.agents;

/// A choice of one launch that is on or off, and off unless it is asked for.
///
///     LaunchRequest.empty().withOption(LaunchOption.BROKER)
public enum LaunchOption {
    /// Use a gateway in this process in spite of a configured environment, `--embedded`.
    EMBEDDED_GATEWAY,
    /// Keep the gateway token in this process, `--broker`.
    BROKER,
    /// Install the agent where it is missing or too old, `--install-agent`.
    INSTALL_AGENT,
    /// Launch an agent that is older than the oldest safe version, with a warning, `--allow-old-agent`.
    ALLOW_OLD_AGENT,
    /// Refuse a model that the provider is known not to allow, instead of warning, `--strict-model`.
    STRICT_MODEL
}
