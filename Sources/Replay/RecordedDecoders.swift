package import CallModel
package import Providers

/// The decoders that a recording can name. A value handed in from outside, so that a test can add one of its own.
package struct RecordedDecoders: Sendable {
    /// Those of the providers this program ships with.
    package static let shipped = RecordedDecoders(ShippedProviders.all)

    private let providers: [any Provider.Type]

    package init(_ providers: [any Provider.Type]) {
        self.providers = providers
    }

    /// With its defaults; nil for a provider that is not known, or that cannot be read without settings.
    package func standard(for source: SourceName, country: String?) -> (any RecordableDecoder)? {
        try? decoder(for: source, settings: [:], country: country)
    }

    func decoder(
        for source: SourceName, settings: [String: JSONValue], country: String?
    ) throws(SettingsReader.Fault) -> any RecordableDecoder {
        guard let kind = providers.first(where: { $0.id == source.provider })?.decoder else {
            let known = providers.map { $0.id.rawValue }.sorted().joined(separator: ", ")
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
}
