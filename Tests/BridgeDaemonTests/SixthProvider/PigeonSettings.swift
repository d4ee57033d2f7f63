package import BridgeConfiguration
package import CallModel
import Providers

/// A source to which pigeons bring the calls of one line.
package struct PigeonSettings: ProviderSettings {
    package static let provider = Pigeon.id

    /// The number of our line.
    package let loft: String
    /// The unguessable path segments that are accepted, 1 to 4, the one to paste first.
    package let secrets: [Redacted<String>]
    /// Addresses that may send; empty: every address.
    package let allow: [AddressEntry]

    package static func read(_ mapping: MappingReader) -> PigeonSettings? {
        let loft = mapping.requiredText("loft", "the line's number, in quotes")
        if let loft, NumberPlan.digits(of: loft.value) == nil {
            mapping.report("'loft' must be a phone number, in quotes", at: loft.position)
        }
        let secrets = mapping.hookSecrets("secret")
        let allow = mapping.addresses("allow")
        guard let loft, !secrets.isEmpty else { return nil }
        return PigeonSettings(loft: loft.value, secrets: secrets, allow: allow)
    }

    package func write(to writer: inout YAMLWriter) {
        writer.line("loft", loft)
        writer.secret("secret", count: secrets.count)
        writer.list("allow", allow.map(\.text))
    }

    package var hooks: [Hook] {
        [Hook(methods: [.post], secrets: secrets, allow: allow)]
    }
}
