import CallModel
import Providers

/// The settings of one source as a recording holds them, read strictly: a setting that is not known is a fault, because
/// what it would have changed cannot be replayed.
struct SettingsReader {
    struct Fault: Error {
        let message: String
    }

    private let fields: [String: JSONValue]

    init(_ fields: [String: JSONValue], known: [String]) throws(Fault) {
        self.fields = fields
        for name in fields.keys.sorted() where name != "country" && !known.contains(name) {
            throw Fault(message: "\"\(name.prefix(64))\" is no setting of this provider")
        }
    }

    func text(_ name: String) -> String? { fields[name]?.text }

    func flag(_ name: String) throws(Fault) -> Bool {
        switch fields[name] {
        case nil: false
        case .bool(let value)?: value
        default: throw Fault(message: "\"\(name)\" is true or false")
        }
    }

    /// Milliseconds.
    func span(_ name: String) throws(Fault) -> Span? {
        guard let value = fields[name] else { return nil }
        guard case .integer(let count) = value, (0...86_400_000).contains(count) else {
            throw Fault(message: "\"\(name)\" is a number of milliseconds up to a day")
        }
        return .milliseconds(count)
    }

    /// Texts by name.
    func table(_ name: String) throws(Fault) -> [String: String] {
        guard let value = fields[name] else { return [:] }
        guard let object = value.object else { throw Fault(message: "\"\(name)\" is an object of texts") }
        return object.compactMapValues(\.text)
    }

    /// Words with a meaning of ours.
    func words<Meaning>(_ name: String, _ meaning: (String) -> Meaning?) throws(Fault) -> [String: Meaning] {
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

extension JSONWriter {
    /// An object of texts in the order of their names; left out where it is empty.
    mutating func table(_ name: StaticString, _ values: [String: String]) {
        guard !values.isEmpty else { return }
        object(name) { json in
            for (name, value) in values.sorted(by: { $0.key < $1.key }) { json.field(named: name, value) }
        }
    }
}
