import CallModel
import FoundationEssentials
import HTTPTypes

/// The body of an order, read strictly: a key that is not known, or is there twice, is a mistake, not a wish to ignore.
struct OrderBody {
    static let maximumNumbers = 50
    static let maximumTextLength = 128
    static let maximumMessageLength = 1_600
    static let maximumKeyLength = 255
    static let minutes: ClosedRange<Int64> = 1...1_440

    /// The only values a body may have; anything else decodes to `other` and is refused by name.
    private enum Value: Decodable {
        case text(String), flag(Bool), number(Int64), list([String]), other

        init(from decoder: any Decoder) throws {
            guard let container = try? decoder.singleValueContainer() else {
                self = .other
                return
            }
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let flag = try? container.decode(Bool.self) {
                self = .flag(flag)
            } else if let number = try? container.decode(Int64.self) {
                self = .number(number)
            } else if let list = try? container.decode([String].self) {
                self = .list(list)
            } else {
                self = .other
            }
        }
    }

    private let fields: [String: Value]
    /// The keys there may be.
    let known: [String]
    /// Those there are.
    var keys: Set<String> { Set(fields.keys) }

    init(json bytes: [UInt8], known: [String]) throws(Problem) {
        self.known = known
        do {
            fields = try JSONDecoder().decode([String: Value].self, from: Data(bytes))
        } catch {
            throw .invalidBody("the body is not one JSON object", allowed: known)
        }
        // The decoder keeps one of two values without a word, and another reader of the same bytes the other one.
        guard Self.members(bytes) == fields.count else {
            throw .invalidBody("a key is there twice", allowed: known)
        }
        for key in fields.keys.sorted() where !known.contains(key) {
            throw .invalidBody("unknown key \"\(key.prefix(64))\"", allowed: known)
        }
    }

    /// How many members an object of JSON has, whatever their keys: its colons outside of texts and of what is nested.
    private static func members(_ json: [UInt8]) -> Int {
        var (count, depth, isText, isEscaped) = (0, 0, false, false)
        for byte in json {
            if isText {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isText = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isText = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: ":") where depth == 1: count += 1
            default: break
            }
        }
        return count
    }

    /// - Parameter claimed: of the request that came before with the same key: its answer stands, whatever became of
    ///   the source.
    func source(of sources: [SourceName], orOf claimed: SourceName? = nil) throws(Problem) -> SourceName {
        let wanted = try text("source")
        let known = sources + [claimed].compactMap(\.self)
        guard let source = known.first(where: { $0.description == wanted || $0.name == wanted }) else {
            throw Problem(.unknownSource, sources: sources)
        }
        return source
    }

    func text(_ key: String) throws(Problem) -> String {
        guard let text = try optionalText(key) else {
            throw .invalidBody("\"\(key)\" is missing", allowed: known)
        }
        return text
    }

    func optionalText(_ key: String) throws(Problem) -> String? {
        guard let value = fields[key] else { return nil }
        guard case .text(let text) = value else { throw .invalidBody("\"\(key)\" must be a string") }
        try Self.check(text, key)
        return text
    }

    /// A text for people: line breaks and tabs may be in it.
    func message(_ key: String) throws(Problem) -> String {
        guard case .text(let text)? = fields[key] else {
            throw .invalidBody("\"\(key)\" must be a string", allowed: known)
        }
        guard !text.isEmpty, text.count <= Self.maximumMessageLength,
            text.unicodeScalars.allSatisfy({
                $0.value >= 0x20 && $0.value != 0x7F || "\n\r\t".unicodeScalars.contains($0)
            })
        else {
            throw .invalidBody(
                "\"\(key)\" must have 1 to \(Self.maximumMessageLength) characters, none of them a control")
        }
        return text
    }

    func numbers(_ key: String, isOptional: Bool) throws(Problem) -> [String] {
        guard let value = fields[key] else {
            if isOptional { return [] }
            throw .invalidBody("\"\(key)\" is missing", allowed: known)
        }
        guard case .list(let list) = value, list.count <= Self.maximumNumbers, isOptional || !list.isEmpty else {
            throw .invalidBody("\"\(key)\" must be a list of \(isOptional ? 0 : 1) to \(Self.maximumNumbers) strings")
        }
        for text in list { try Self.check(text, key) }
        return list
    }

    func flag(_ key: String) throws(Problem) -> Bool? {
        guard let value = fields[key] else { return nil }
        guard case .flag(let flag) = value else { throw .invalidBody("\"\(key)\" must be true or false") }
        return flag
    }

    func minutes(_ key: String) throws(Problem) -> Int {
        guard case .number(let number)? = fields[key], Self.minutes.contains(number) else {
            throw .invalidBody(
                "\"\(key)\" must be a whole number from \(Self.minutes.lowerBound) to \(Self.minutes.upperBound)",
                allowed: known)
        }
        return Int(number)
    }

    func time(_ key: String) throws(Problem) -> Timestamp? {
        guard let text = try optionalText(key) else { return nil }
        guard let time = Timestamp(rfc3339: text) else {
            throw .invalidBody("\"\(key)\" must be a time such as 2026-11-21T09:30:00Z")
        }
        return time
    }

    func one<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String, of type: Choice.Type
    ) throws(Problem) -> Choice {
        guard let choice = Choice(rawValue: try text(key)) else {
            throw .invalidBody("\"\(key)\" has no such value", allowed: Choice.allCases.map(\.rawValue))
        }
        return choice
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

    private static func check(_ text: String, _ key: String) throws(Problem) {
        guard !text.isEmpty, text.count <= maximumTextLength,
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
        else {
            throw .invalidBody(
                "\"\(key)\" must have 1 to \(maximumTextLength) characters, none of them a control")
        }
    }
}
