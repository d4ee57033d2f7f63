/// The registration point: a provider that is in this list can be configured, and its recordings can be replayed; one
/// that is not does not exist.
package enum ShippedProviders {
    package static let all: [any Provider.Type] = [
        OVH.self,
        VoIPGRID.self,
        Keyyo.self,
        SFRDMC.self,
        Orange.self,
    ]
}
