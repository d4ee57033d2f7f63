import CallModel
import Yams

/// Reads `sources:`, and what must be true of all of them together.
struct SourcesReader {
    let context: ReadingContext
    /// The configuration's country, for sources without their own.
    let country: String?
    /// False where a country was given but is wrong: then its absence is no second error.
    let reportsMissingCountry: Bool
    /// The providers that can be configured, by their words.
    private let providers: [String: any ProviderSettings.Type]
    private var names: [String: Position] = [:]
    /// The first enabled source that providers connect to.
    private(set) var firstPushed: Located<String>?

    /// A journal thread serves them all; a household of lines needs far fewer.
    static let maximumCount = 500

    init(
        context: ReadingContext, country: String?, reportsMissingCountry: Bool,
        providers: [any ProviderSettings.Type]
    ) {
        self.providers = Dictionary(
            providers.map { ($0.provider.rawValue, $0) }, uniquingKeysWith: { first, _ in first })
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
        let country = country(in: mapping)
        guard
            let provider = mapping.requiredText(
                "provider", "one of \(providers.keys.sorted().joined(separator: ", "))")
        else { return nil }
        guard let type = providers[provider.value] else {
            reportUnknown(provider)
            return nil
        }
        let isEnabled = mapping.boolean("enabled", default: !type.isLegacy)
        let settings: (any ProviderSettings)? = type.read(mapping)
        mapping.finish()
        guard let name, let settings else { return nil }
        if isEnabled, settings.isPushed, firstPushed == nil { firstPushed = name }
        guard let country else { return nil }
        return SourceConfiguration(
            name: SourceName(provider: type.provider, name: name.value), country: country, isEnabled: isEnabled,
            provider: settings)
    }

    private func reportUnknown(_ provider: Located<String>) {
        let clause = Suggestion.clause(for: provider.value, among: Array(providers.keys))
        context.report("unknown provider\(clause)", at: provider.position)
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
