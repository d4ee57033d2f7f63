package import CallModel
package import Providers

/// The decoders that a recording can name: those of the providers this program ships with.
package enum RecordedDecoders {
    private static let kinds: [any RecordableDecoder.Type] = [
        OVHDecoder.self, VoIPGRIDDecoder.self, KeyyoDecoder.self, SFRDMCDecoder.self, OrangeDecoder.self,
    ]

    /// With its defaults; nil for a provider that is not known.
    package static func standard(for source: SourceName, country: String?) -> (any DeliveryDecoder)? {
        try? decoder(for: source, settings: [:], country: country)
    }

    static func decoder(
        for source: SourceName, settings: [String: JSONValue], country: String?
    ) throws(SettingsReader.Fault) -> any DeliveryDecoder {
        guard let kind = kinds.first(where: { $0.provider == source.provider }) else {
            let known = kinds.map { $0.provider.rawValue }.sorted().joined(separator: ", ")
            throw SettingsReader.Fault(
                message: "\"\(source.provider.rawValue.prefix(64))\" is no provider known here; known are \(known)")
        }
        let named = settings["country"]?.text
        if let named, !NumberPlan.knownCountries.contains(named) {
            throw SettingsReader.Fault(message: "\"\(named.prefix(64))\" is no country whose numbers are known")
        }
        // A source that says that it has no country has none, whatever the default.
        let plan = NumberPlan(country: settings["country"] == nil ? country : named)
        return try kind.init(numbers: plan, reading: SettingsReader(settings, known: kind.settingNames))
    }

    /// The country by which the decoder reads national numbers.
    static func country(of decoder: any DeliveryDecoder) -> String? {
        (decoder as? any RecordableDecoder)?.plan.country
    }

    /// The `settings` object of a decoder; nil for one whose settings no recording can hold.
    static func writeSettings(of decoder: any DeliveryDecoder, to json: inout JSONWriter) {
        guard let decoder = decoder as? any RecordableDecoder else { return }
        json.field("country", decoder.plan.country ?? "")
        decoder.writeSettings(to: &json)
    }
}
