package import CallModel
import Providers

extension SFRDMCSettings: ProviderSettings {
    package static let provider = SFRDMC.id

    package static func read(_ mapping: MappingReader) -> SFRDMCSettings? {
        let secrets = mapping.hookSecrets("secret")
        let allow = mapping.addresses("allow")
        let zone = mapping.choice("zone", default: AssumedZone.paris)
        guard !secrets.isEmpty else { return nil }
        return SFRDMCSettings(secrets: secrets, allow: allow, zone: zone)
    }

    package func write(to writer: inout YAMLWriter) {
        writer.secret("secret", count: secrets.count)
        writer.list("allow", allow.map(\.text))
        writer.line("zone", zone.rawValue)
    }

    /// SFR posts XML or JSON, as agreed at the activation (DMC developer guide 1.7, section 2.9).
    ///
    /// A report of a mailing may hold ten thousand messages.
    package var hooks: [Hook] {
        [Hook(methods: [.post], secrets: secrets, allow: allow, maximumBodyBytes: SFRDMCDecoder.maximumBodyBytes)]
    }
}
