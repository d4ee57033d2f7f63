package import BridgeConfiguration
import CallModel
package import Providers

/// The providers a daemon knows. A value handed in from outside, so that a test can add one of its own.
package struct ProviderCatalog: Sendable {
    /// The providers of the program as it is shipped; tests make catalogues of their own.
    package static let shipped = ProviderCatalog(ShippedProviders.all)

    private let providers: [any TelephonyProvider.Type]

    /// `faults` of the providers are faults of the program, found at its start.
    package init(_ providers: [any Provider.Type]) {
        precondition(Self.faults(of: providers).isEmpty, Self.faults(of: providers).joined(separator: "; "))
        self.providers = providers.compactMap { $0 as? any TelephonyProvider.Type }
    }

    /// What is missing for these to be providers of a daemon, or contradicts itself. A list says no more of each than
    /// that it is a `Provider`, because the client has the same list and not the daemon.
    package static func faults(of providers: [any Provider.Type]) -> [String] {
        var seen: Set<ProviderID> = []
        return providers.compactMap { provider in
            guard let running = provider as? any TelephonyProvider.Type else {
                return "\(provider) is no TelephonyProvider: Sources/BridgeDaemon/Sources/"
                    + "\(provider)+TelephonyProvider.swift is missing, or does not say so"
            }
            let (word, settingsWord) = (provider.id.rawValue, running.settings.provider.rawValue)
            if settingsWord != word {
                return "\(running.settings) is for '\(settingsWord)', and \(provider) is '\(word)'"
            }
            return seen.insert(provider.id).inserted ? nil : "two providers share the word '\(word)'"
        }
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
