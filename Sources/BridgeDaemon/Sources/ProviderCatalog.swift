package import BridgeConfiguration
import CallModel

/// The providers a daemon knows. A value handed in from outside, so that a test can add one of its own.
package struct ProviderCatalog: Sendable {
    private let providers: [any TelephonyProvider.Type]

    /// Each has a word of its own, which the configuration names it by.
    package init(_ providers: [any TelephonyProvider.Type]) {
        self.providers = providers
        precondition(Set(settings.map { $0.provider }).count == providers.count, "two providers share a word")
    }

    package func adding(_ provider: any TelephonyProvider.Type) -> ProviderCatalog {
        ProviderCatalog(providers + [provider])
    }

    /// What the configuration is read with.
    package var settings: [any ProviderSettings.Type] { providers.map { $0.settings } }

    /// Nil where the source's provider is not in this catalogue.
    func source(_ configuration: SourceConfiguration, _ context: SourceContext) -> RunningSource? {
        for provider in providers {
            if let source = provider.open(configuration.provider, context) { return source }
        }
        return nil
    }
}

extension TelephonyProvider {
    fileprivate static var settings: any ProviderSettings.Type { Settings.self }

    fileprivate static func open(_ settings: any ProviderSettings, _ context: SourceContext) -> RunningSource? {
        (settings as? Settings).map { source($0, context) }
    }
}
