/// The parameters of one notification by their keywords, with what is absent in any of its forms left out.
struct KeyyoNotification {
    private var values: [KeyyoParameters.Keyword: String] = [:]
    /// Parameters that came more than once; the first value counts.
    private(set) var repeated: [String] = []

    /// What stands in the URL where a keyword was meant that Keyyo does not replace so: what to write in its place.
    private(set) var misspelled: [String] = []

    /// Parameters that Keyyo filled with nothing.
    private(set) var empty: Set<KeyyoParameters.Keyword> = []

    /// More parameters than this are not looked at.
    static let maximumParameters = 200

    init(query: String, parameters: KeyyoParameters) {
        let keywords = Dictionary(
            KeyyoParameters.Keyword.allCases.map { (parameters.name(of: $0), $0) }
        ) { first, _ in first }
        var seen: Set<KeyyoParameters.Keyword> = []
        for (name, value) in queryParameters(query).prefix(Self.maximumParameters) {
            guard let keyword = keywords[name] else { continue }
            guard seen.insert(keyword).inserted else {
                if !repeated.contains(name) { repeated.append(name) }
                continue
            }
            let text = Self.trimmed(value)
            if text.isEmpty {
                empty.insert(keyword)
                continue
            }
            // A keyword that Keyyo left as it was is no value; taken as an id it would make one call of all.
            guard let left = KeyyoParameters.Keyword(spelledLoosely: text) else {
                values[keyword] = text
                continue
            }
            // Rightly spelled, it is one that this Keyyo does not know.
            if text != left.rawValue { misspelled.append("\(name)=\(text): write \(name)=\(left.rawValue)") }
        }
        // A dialogue cannot take over itself.
        if values[.dialogReplaced] == values[.dialog] { values[.dialogReplaced] = nil }
    }

    /// Without blanks around it, and at most 256 Unicode scalars of it.
    private static func trimmed(_ value: String) -> String {
        var text = value.unicodeScalars.prefix(512).drop { $0 == " " }.prefix(256)
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }

    subscript(_ keyword: KeyyoParameters.Keyword) -> String? { values[keyword] }
}
