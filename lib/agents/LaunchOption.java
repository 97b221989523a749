package lib.agents;

/// A choice of one launch that is on or off, and off by default.
///
///     LaunchRequest.empty().withOption(LaunchOption.BROKER)
public enum LaunchOption {
    /// Use a gateway in this process even if an environment is configured, `--embedded`.
    EMBEDDED_GATEWAY,
    /// Keep the gateway token in this process, `--broker`.
    BROKER,
    /// Install the agent if it is missing or too old, `--install-agent`.
    INSTALL_AGENT,
    /// Launch an agent that is older than the oldest safe version, with a warning, `--allow-old-agent`.
    ALLOW_OLD_AGENT,
    /// Refuse a model that the provider is known not to allow, instead of printing a warning, `--strict-model`.
    STRICT_MODEL
}
