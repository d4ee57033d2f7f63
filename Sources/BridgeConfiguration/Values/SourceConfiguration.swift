package import CallModel

/// One account, line or application at a provider.
package struct SourceConfiguration: Sendable, Hashable {
    package let name: SourceName
    /// ISO 3166-1 alpha-2 code: the source's own, else the configuration's.
    package let country: String
    /// A disabled source is checked like any other and then left alone.
    package let isEnabled: Bool
    package let provider: ProviderSettings
}

/// What one provider needs to know; a new provider is a new case.
package enum ProviderSettings: Sendable, Hashable {
    case ovh(OVHSettings)
    case voipgrid(VoIPGRIDSettings)
    case keyyo(KeyyoSettings)

    /// Whether the provider connects to us, so that a webhook listener must run.
    package var isPushed: Bool {
        switch self {
        case .ovh, .voipgrid: false
        case .keyyo: true
        }
    }
}
