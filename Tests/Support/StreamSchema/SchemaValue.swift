import Foundation

/// A JSON value that can be compared without asking what it is at each step.
enum SchemaValue: Sendable, Hashable, CustomStringConvertible {
    case object([String: SchemaValue])
    case array([SchemaValue])
    case text(String)
    /// Whole numbers of the stream are below 2^53, as its document says.
    case number(Double)
    case flag(Bool)
    case null

    /// - Parameter json: of `JSONSerialization`.
    init(_ json: Any) {
        switch json {
        case let text as String: self = .text(text)
        case let object as [String: Any]: self = .object(object.mapValues(SchemaValue.init))
        case let array as [Any]: self = .array(array.map(SchemaValue.init))
        // A flag is a number to the casts of Foundation; its own type tells them apart.
        case let number as NSNumber:
            self = String(cString: number.objCType) == "c" ? .flag(number.boolValue) : .number(number.doubleValue)
        default: self = .null
        }
    }

    var description: String {
        switch self {
        case .object(let members): "\(members)"
        case .array(let items): "\(items)"
        case .text(let text): text
        case .number(let number): Int64(exactly: number).map { "\($0)" } ?? "\(number)"
        case .flag(let flag): "\(flag)"
        case .null: "null"
        }
    }
}
