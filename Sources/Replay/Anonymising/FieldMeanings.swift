/// The meanings of names that were looked up before: a recording has few names and each of them a million times.
final class FieldMeanings {
    /// Names that senders make up, a new one each time, are not kept beyond this.
    private static let maximumCount = 4_096
    private static let maximumBytes = 64

    private var known: [String: FieldMeaning] = [:]

    subscript(name: String) -> FieldMeaning {
        if let meaning = known[name] { return meaning }
        let meaning = FieldMeaning(name)
        if known.count < Self.maximumCount, name.utf8.count <= Self.maximumBytes { known[name] = meaning }
        return meaning
    }
}
