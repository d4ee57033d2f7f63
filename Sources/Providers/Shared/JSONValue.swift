import FoundationEssentials

/// Any JSON, for providers whose fields come now as a string, now as a number.
package enum JSONValue: Sendable, Hashable, Decodable {
    case string(String)
    case integer(Int64)
    case double(Double)
    case bool(Bool)
    case array([JSONValue])
    case object([String: JSONValue])
    case null

    /// Reads a whole JSON text. Nil where it is none; text that is not UTF-8 is tried as Windows-1252, and what a
    /// strict reader refuses is mended before it sees it, where that is possible. A whole number of more than 64 bits
    /// is a string of its digits.
    package static func read(_ bytes: [UInt8]) -> JSONValue? {
        let text = Array(decodeText(bytes).utf8)
        if let value = PlainJSON.read(text) { return value }
        return try? JSONDecoder().decode(JSONValue.self, from: Data(JSONRepair.mended(text)))
    }

    package init(from decoder: any Decoder) throws {
        // Most values are strings; what is tried first is cheapest.
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .double(value)
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode([String: JSONValue].self) {
            self = .object(value)
        } else {
            self = .array(try container.decode([JSONValue].self))
        }
    }

    package var object: [String: JSONValue]? {
        if case .object(let value) = self { value } else { nil }
    }

    package var array: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// A scalar as text; nil for absent things in all their forms: `null`, `""`, an object, an array.
    package var text: String? {
        switch self {
        case .string(let value): value.isEmpty ? nil : value
        case .integer(let value): String(value)
        case .double(let value): String(value)
        case .bool(let value): String(value)
        case .null, .array, .object: nil
        }
    }

    /// A whole number, however it was written.
    package var int64: Int64? {
        switch self {
        case .integer(let value): value
        case .double(let value): Int64(exactly: value)
        case .string(let value): Int64(value)
        default: nil
        }
    }

    /// From the year 1 until far beyond any date, and far from an overflow.
    private static let seconds = -62_135_596_800.0...1e15

    /// Seconds, whole or with a fraction, as a time; nil where it is no number, or 0, which stands for no time. One
    /// that no clock can show is a time that nobody believes, and told as such.
    package var secondsInMilliseconds: Int64? {
        let seconds: Double? =
            switch self {
            case .integer(let value): Double(value)
            case .double(let value): value
            case .string(let value): Double(value)
            default: nil
            }
        guard let seconds, !seconds.isNaN, seconds != 0 else { return nil }
        return Int64((min(max(seconds, Self.seconds.lowerBound), Self.seconds.upperBound) * 1_000).rounded())
    }
}
