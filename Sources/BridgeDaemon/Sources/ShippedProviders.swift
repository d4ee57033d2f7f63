extension ProviderCatalog {
    /// The registration point: a provider that is in this list can be configured, and one that is not does not exist.
    package static let shipped = ProviderCatalog([
        OVHProvider.self,
        VoIPGRIDProvider.self,
        KeyyoProvider.self,
        SFRDMCProvider.self,
        OrangeProvider.self,
    ])
}
