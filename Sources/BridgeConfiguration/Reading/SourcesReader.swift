import CallModel
import Yams

/// Reads `sources:`, and what must be true of all of them together.
struct SourcesReader {
    let context: ReadingContext
    /// The configuration's country, for sources without their own.
    let country: String?
    /// False where a country was given but is wrong: then its absence is no second error.
    let reportsMissingCountry: Bool
    private var names: [String: Position] = [:]
    private var tokens: [Redacted<String>: Position] = [:]
    /// The first enabled source that providers connect to.
    private(set) var firstPushed: Located<String>?

    /// A journal thread serves them all; a household of lines needs far fewer.
    static let maximumCount = 500

    init(context: ReadingContext, country: String?, reportsMissingCountry: Bool) {
        self.context = context
        self.country = country
        self.reportsMissingCountry = reportsMissingCountry
    }

    mutating func read(_ node: Node) -> [SourceConfiguration] {
        guard let items = context.list(node, what: "'sources'") else { return [] }
        guard items.count <= Self.maximumCount else {
            context.report("'sources' holds more than \(Self.maximumCount) entries", at: node.position)
            return []
        }
        var sources: [SourceConfiguration] = []
        for item in items {
            if let source = source(item) { sources.append(source) }
        }
        return sources
    }

    private mutating func source(_ node: Node) -> SourceConfiguration? {
        guard let mapping = MappingReader(node, what: "the source", context: context) else { return nil }
        let name = name(in: mapping)
        let isEnabled = mapping.boolean("enabled", default: true)
        let country = country(in: mapping)
        guard
            let provider = mapping.requiredText(
                "provider", "one of \(Self.readers.keys.sorted().joined(separator: ", "))")
        else { return nil }
        guard let reader = Self.readers[provider.value] else {
            reportUnknown(provider)
            return nil
        }
        let settings = reader(mapping)
        mapping.finish()
        if case .ovh(let ovh) = settings?.value { reportShared(ovh, settings?.tokenPositions ?? []) }
        guard let name, let settings else { return nil }
        if isEnabled, settings.value.isPushed, firstPushed == nil { firstPushed = name }
        guard let country else { return nil }
        return SourceConfiguration(
            name: SourceName(provider: ProviderID(rawValue: provider.value), name: name.value), country: country,
            isEnabled: isEnabled, provider: settings.value)
    }

    /// The settings of one source, and where its tokens stand.
    struct Settings {
        var value: ProviderSettings
        var tokenPositions: [Position] = []
    }

    /// The providers that can be configured.
    private static var readers: [String: (MappingReader) -> Settings?] {
        ["ovh": OVHSettings.read, "voipgrid": VoIPGRIDSettings.read, "keyyo": KeyyoSettings.read]
    }

    private func reportUnknown(_ provider: Located<String>) {
        if ["sfr-dmc", "orange"].contains(provider.value) {
            context.report(
                "provider '\(provider.value)' is not supported by this version; remove the source",
                at: provider.position)
        } else {
            let clause = Suggestion.clause(for: provider.value, among: Array(Self.readers.keys))
            context.report("unknown provider\(clause)", at: provider.position)
        }
    }

    private mutating func name(in mapping: MappingReader) -> Located<String>? {
        guard let name = mapping.requiredText("name", "1 to 32 characters of a-z, 0-9 and '-'") else { return nil }
        guard (1...32).contains(name.value.utf8.count),
            name.value.utf8.allSatisfy({
                CharacterSets.isLowercase($0) || CharacterSets.isDigit($0) || $0 == UInt8(ascii: "-")
            })
        else {
            context.report("a source's name is 1 to 32 characters of a-z, 0-9 and '-'", at: name.position)
            return nil
        }
        if let earlier = names[name.value] {
            context.report(
                "the name '\(name.value)' is taken by the source in line \(earlier.line); choose another",
                at: name.position)
            return nil
        }
        names[name.value] = name.position
        return name
    }

    private func country(in mapping: MappingReader) -> String? {
        if mapping.has("country") { return mapping.country() }
        _ = mapping.take("country")
        if country == nil, reportsMissingCountry {
            context.report(
                "no country for this source; write 'country: FR' (yours) at the top of the file, or here",
                at: mapping.position)
        }
        return country
    }

    /// OVH gives each event to one poll of a token: two sources with the same one would take events from each other.
    private mutating func reportShared(_ settings: OVHSettings, _ positions: [Position]) {
        for (token, position) in zip(settings.tokens, positions) {
            if let earlier = tokens[token] {
                context.report(
                    "the same token as in line \(earlier.line); two sources would take each other's events",
                    at: position)
            } else {
                tokens[token] = position
            }
        }
    }
}

extension MappingReader {
    /// `country`, one whose numbering plan is known.
    func country() -> String? {
        guard let written = text("country") else { return nil }
        if NumberPlan.knownCountries.contains(written.value) { return written.value }
        let meant = ["UK": "GB", "EL": "GR"][written.value.uppercased()] ?? written.value.uppercased()
        let clause =
            NumberPlan.knownCountries.contains(meant)
            ? "; did you mean '\(meant)'?" : "; known here: \(NumberPlan.knownCountries.joined(separator: ", "))"
        context.report(
            "'country' is not the ISO code of a country whose numbers are known\(clause)", at: written.position)
        return nil
    }
}
