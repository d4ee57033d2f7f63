/// The parameters of one notification by their keywords, with what is absent in any of its forms left out.
struct KeyyoNotification {
    private var values: [KeyyoParameters.Keyword: String] = [:]
    /// Parameters that came more than once; the first value counts.
    private(set) var repeated: [String] = []

    /// More parameters than this are not looked at.
    static let maximumParameters = 200

    init(query: String, parameters: KeyyoParameters) {
        let keywords = Dictionary(
            KeyyoParameters.Keyword.allCases.map { (parameters.name(of: $0), $0) }) { first, _ in first }
        let unreplaced = Set(KeyyoParameters.Keyword.allCases.map(\.rawValue))
        var seen: Set<KeyyoParameters.Keyword> = []
        for (name, value) in queryParameters(query).prefix(Self.maximumParameters) {
            guard let keyword = keywords[name] else { continue }
            guard seen.insert(keyword).inserted else {
                if !repeated.contains(name) { repeated.append(name) }
                continue
            }
            let text = value.drop { $0 == " " }
            // A keyword that Keyyo left as it was is no value; taken as an id it would make one call of all.
            guard !text.isEmpty, !unreplaced.contains(String(text)) else { continue }
            values[keyword] = String(text.prefix(256))
        }
        // A dialogue cannot take over itself.
        if values[.dialogReplaced] == values[.dialog] { values[.dialogReplaced] = nil }
    }

    subscript(_ keyword: KeyyoParameters.Keyword) -> String? { values[keyword] }
}
