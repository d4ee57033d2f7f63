/// A JSON value that keeps what a dictionary of doubles would lose: the order of members and every digit of a number.
///
/// The providers send nanoseconds since 1970 as bare integers (above 2^53), so numbers stay text from end to end.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// The digits as written.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])

    package static func integer(_ value: some BinaryInteger) -> JSONValue {
        .number(String(value))
    }

    /// The first member called `name`; nil for other kinds of values.
    package subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The text of a string; nil for other kinds of values.
    package var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The items of an array; nil for other kinds of values.
    package var items: [JSONValue]? {
        guard case .array(let items) = self else { return nil }
        return items
    }

    /// A whole number that fits; nil for other kinds of values.
    package var whole: Int64? {
        guard case .number(let digits) = self else { return nil }
        return Int64(digits)
    }

    /// What an error message calls this kind of value.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "text"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
