package import CallModel

/// One account, line or application at a provider.
package struct SourceConfiguration: Sendable, Hashable {
    package let name: SourceName
    /// ISO 3166-1 alpha-2 code: the source's own, else the configuration's.
    package let country: String
    /// A disabled source is checked like any other and then left alone.
    package let isEnabled: Bool
    /// What only its provider's own code understands.
    package let provider: any ProviderSettings

    // Written out because an existential has no `==` of its own. A reload compares sources: a property forgotten here
    // would be one whose change is overlooked.
    package static func == (left: SourceConfiguration, right: SourceConfiguration) -> Bool {
        left.name == right.name && left.country == right.country && left.isEnabled == right.isEnabled
            && AnyHashable(left.provider) == AnyHashable(right.provider)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(country)
        hasher.combine(isEnabled)
        hasher.combine(AnyHashable(provider))
    }
}
