/// The meanings of names that were looked up before: a recording has few names and each of them a million times.
final class FieldMeanings {
    /// Names that senders make up, a new one each time, are not kept beyond this.
    private static let maximumCount = 4_096
    private static let maximumBytes = 64

    private var known: [String: FieldMeaning] = [:]
    /// Whether names that `meaning(ofField:)` is asked for are words of a protocol: of what could be read.
    var takesNames = false
    /// Those, in lower case.
    private(set) var names: Set<String> = []

    /// Of a field that stands in a structure, not in somebody's text.
    func meaning(ofField name: String) -> FieldMeaning {
        if takesNames, names.count < Self.maximumCount, (2...Self.maximumBytes).contains(name.utf8.count),
            name.utf8.allSatisfy({ $0 < 0x80 && $0 != 0x20 && $0 != 0x2B })
        {
            names.insert(name.lowercased())
        }
        return self[name]
    }

    subscript(name: String) -> FieldMeaning {
        if let meaning = known[name] { return meaning }
        let meaning = FieldMeaning(name)
        if known.count < Self.maximumCount, name.utf8.count <= Self.maximumBytes { known[name] = meaning }
        return meaning
    }
}
