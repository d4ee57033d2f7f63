package import BridgeConfiguration

/// A provider as the daemon sees it: settings of a kind of their own, and what to make of them.
///
/// Conformers hold nothing and decide nothing: they put the provider's decoder, poller and placer together. See
/// `docs/adding-a-provider.md`.
package protocol TelephonyProvider: Sendable {
    associatedtype Settings: ProviderSettings

    /// Builds a source; nothing is asked of the provider before its `run` is called.
    static func source(_ settings: Settings, _ context: SourceContext) -> RunningSource
}
