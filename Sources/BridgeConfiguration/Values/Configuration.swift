package import CallModel

/// Everything the configuration file says, checked and with every default filled in.
///
/// A value, so that a reload can compare the old one with the new one part by part and leave alone what did not change.
package struct Configuration: Sendable, Hashable {
    /// ISO 3166-1 alpha-2 code used by sources that have none of their own; nil only where no source needs it.
    package let country: String?
    package let stdout: StandardOutput
    /// Disabled ones included; their names are unique across providers.
    package let sources: [SourceConfiguration]
    /// Nil: no listener. Never nil where a source that is pushed to is enabled.
    package let webhooks: WebhookConfiguration?
    /// Those that the service manager hands over are matched with these by their paths.
    package let sockets: [SocketConfiguration]
    package let api: APIConfiguration
    package let journal: JournalConfiguration
    /// How long calls may stay in a state, and how long after the end the summary comes.
    package let model: TrackerLimits

    /// Whether the event stream is written to standard output.
    package enum StandardOutput: String, Sendable, CaseIterable {
        /// Always, except where systemd connected standard output to its journal.
        case auto
        case always
        case never
    }
}
