package import CallModel

/// The settings of one source as a recording holds them, read strictly: a setting that is not known is a fault, because
/// what it would have changed cannot be replayed.
package struct SettingsReader {
    /// Why a setting cannot be read; the reader of the file adds the line.
    package struct Fault: Error {
        package let message: String

        package init(message: String) {
            self.message = message
        }
    }

    private let fields: [String: JSONValue]

    /// - Parameter known: besides `country`, which every source may have.
    package init(_ fields: [String: JSONValue], known: [String]) throws(Fault) {
        self.fields = fields
        for name in fields.keys.sorted() where name != "country" && !known.contains(name) {
            throw Fault(message: "\"\(name.prefix(64))\" is no setting of this provider")
        }
    }

    package func text(_ name: String) -> String? { fields[name]?.text }

    package func flag(_ name: String) throws(Fault) -> Bool {
        switch fields[name] {
        case nil: false
        case .bool(let value)?: value
        default: throw Fault(message: "\"\(name)\" is true or false")
        }
    }

    /// Milliseconds.
    package func span(_ name: String) throws(Fault) -> Span? {
        guard let value = fields[name] else { return nil }
        guard case .integer(let count) = value, (0...86_400_000).contains(count) else {
            throw Fault(message: "\"\(name)\" is a number of milliseconds up to a day")
        }
        return .milliseconds(count)
    }

    /// Texts by name.
    package func table(_ name: String) throws(Fault) -> [String: String] {
        guard let value = fields[name] else { return [:] }
        guard let object = value.object else { throw Fault(message: "\"\(name)\" is an object of texts") }
        return object.compactMapValues(\.text)
    }

    /// Words with a meaning of ours.
    package func words<Meaning>(_ name: String, _ meaning: (String) -> Meaning?) throws(Fault) -> [String: Meaning] {
        var words: [String: Meaning] = [:]
        for (word, text) in try table(name) {
            guard let meant = meaning(text) else {
                throw Fault(message: "\"\(text.prefix(64))\" in \"\(name)\" is no word of ours")
            }
            words[word] = meant
        }
        return words
    }
}
