package import BridgeConfiguration
package import Providers

/// A provider as the daemon sees it: settings of a kind of their own, and what to make of them.
///
/// Conformances put the provider's decoder, poller and placer together, and decide nothing. See
/// `docs/adding-a-provider.md`.
package protocol TelephonyProvider: Provider {
    associatedtype Settings: ProviderSettings

    /// Builds a source; nothing is asked of the provider before its `run` is called.
    static func source(_ settings: Settings, _ context: SourceContext) -> RunningSource
}
