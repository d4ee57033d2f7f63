import CallModel
import FoundationEssentials
import HTTPTypes

/// The body of `POST /v1/calls`, read strictly: a key that is not known is a mistake, not a wish to ignore.
enum CallOrder: Sendable, Hashable {
    case place(PlaceRequest)
    case track(source: SourceName, callid: String)

    static let maximumTextLength = 128
    static let maximumKeyLength = 255

    /// - Parameter sources: turns what the client wrote (`sales`, `voipgrid/sales`) into a source; nil: unknown.
    init(
        json bytes: [UInt8], idempotencyKey: String?, knownSources: [SourceName]
    ) throws(Problem) {
        let fields = try Self.fields(bytes)
        for key in fields.keys.sorted() where !Self.known.contains(key) {
            throw .invalidBody("unknown key \"\(key.prefix(64))\"", allowed: Self.known)
        }
        guard let wanted = try Self.text("source", fields) else {
            throw .invalidBody("\"source\" is missing", allowed: Self.known)
        }
        guard let source = knownSources.first(where: { $0.description == wanted || $0.name == wanted }) else {
            throw Problem(.unknownSource, sources: knownSources)
        }
        if let callid = try Self.text("track", fields) {
            guard fields.count == 2 else {
                throw .invalidBody("\"track\" goes with \"source\" and nothing else", allowed: ["source", "track"])
            }
            self = .track(source: source, callid: callid)
            return
        }
        guard let to = try Self.text("to", fields) else {
            throw .invalidBody("\"to\" (or \"track\") is missing", allowed: Self.known)
        }
        self = .place(
            PlaceRequest(
                source: source, to: to, from: try Self.text("from", fields), name: try Self.text("name", fields),
                autoAnswer: try Self.flag("auto_answer", fields), idempotencyKey: try Self.key(idempotencyKey)
            )
        )
    }

    private static let known = ["source", "to", "from", "name", "auto_answer", "track"]

    /// The only values a body may have; anything else decodes to `other` and is refused by name.
    private enum Value: Decodable {
        case text(String), flag(Bool), other

        init(from decoder: any Decoder) throws {
            guard let container = try? decoder.singleValueContainer() else {
                self = .other
                return
            }
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let flag = try? container.decode(Bool.self) {
                self = .flag(flag)
            } else {
                self = .other
            }
        }
    }

    private static func fields(_ bytes: [UInt8]) throws(Problem) -> [String: Value] {
        do {
            return try JSONDecoder().decode([String: Value].self, from: Data(bytes))
        } catch {
            throw .invalidBody("the body is not one JSON object", allowed: known)
        }
    }

    private static func text(_ key: String, _ fields: [String: Value]) throws(Problem) -> String? {
        guard let value = fields[key] else { return nil }
        guard case .text(let text) = value else { throw .invalidBody("\"\(key)\" must be a string") }
        guard !text.isEmpty, text.count <= maximumTextLength,
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
        else {
            throw .invalidBody("\"\(key)\" must have 1 to \(maximumTextLength) characters, none of them a control")
        }
        return text
    }

    private static func flag(_ key: String, _ fields: [String: Value]) throws(Problem) -> Bool? {
        guard let value = fields[key] else { return nil }
        guard case .flag(let flag) = value else { throw .invalidBody("\"\(key)\" must be true or false") }
        return flag
    }

    /// The `Idempotency-Key` of a request.
    static func key(_ text: String?) throws(Problem) -> String? {
        guard let text else { return nil }
        guard (1...maximumKeyLength).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw Problem(
                .badRequest, kind: "invalid-header", title: "A header is invalid",
                detail: "Idempotency-Key must have 1 to \(maximumKeyLength) visible ASCII characters"
            )
        }
        return text
    }
}
