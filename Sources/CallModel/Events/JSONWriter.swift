/// Writes JSON text with the fields in the order they are given.
///
/// Text from outside is escaped so that a line is safe on a terminal too: besides what JSON demands, DEL, the C1
/// controls, the line separators and the bidirectional overrides are written as `\u` escapes.
package struct JSONWriter: Sendable {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    package init() {
        bytes.reserveCapacity(1_024)
    }

    package mutating func object(_ write: (inout JSONWriter) -> Void) {
        nested(open: UInt8(ascii: "{"), close: UInt8(ascii: "}"), write)
    }

    package mutating func object(_ name: StaticString, _ write: (inout JSONWriter) -> Void) {
        key(name)
        object(write)
    }

    package mutating func array(_ name: StaticString, _ write: (inout JSONWriter) -> Void) {
        key(name)
        array(write)
    }

    package mutating func array(_ write: (inout JSONWriter) -> Void) {
        nested(open: UInt8(ascii: "["), close: UInt8(ascii: "]"), write)
    }

    /// Writes nothing where `value` is nil: absent means unknown, and `null` is never used. So do the other `field`s.
    package mutating func field(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        key(name)
        string(value)
    }

    package mutating func field(_ name: StaticString, _ value: Int64?) {
        guard let value else { return }
        key(name)
        number(value)
    }

    package mutating func field(_ name: StaticString, _ value: Bool?) {
        guard let value else { return }
        key(name)
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
        needsComma = true
    }

    /// RFC 3339 in UTC with milliseconds, as every time of the stream.
    package mutating func field(_ name: StaticString, _ value: Timestamp?) {
        guard let value else { return }
        key(name)
        bytes.append(UInt8(ascii: "\""))
        value.appendRFC3339(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// A field whose name is not known at compile time.
    package mutating func field(named name: String, _ value: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
        string(value)
    }

    /// A field whose name is not known at compile time.
    package mutating func field(named name: String, _ value: Int64) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
        number(value)
    }

    /// A value that is JSON already.
    package mutating func raw(_ json: some Sequence<UInt8>) {
        comma()
        bytes.append(contentsOf: json)
        needsComma = true
    }

    /// A field whose value is JSON already; nothing checks it.
    package mutating func raw(_ name: StaticString, _ json: some Sequence<UInt8>) {
        key(name)
        raw(json)
    }

    package mutating func number(_ value: Int64) {
        comma()
        bytes.append(contentsOf: String(value).utf8)
        needsComma = true
    }

    /// How many bytes a scalar takes inside a string.
    static func length(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x22, 0x5C, 0x0A, 0x0D, 0x09: 2
        case _ where isEscaped(scalar): 6
        default: UTF8.width(scalar)
        }
    }

    /// Whether a scalar is written as `\u` and four digits.
    private static func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    /// A string value, escaped as the type's description says.
    package mutating func string(_ value: String) {
        comma()
        bytes.append(UInt8(ascii: "\""))
        for scalar in value.unicodeScalars {
            switch scalar.value {
            case 0x22: bytes.append(contentsOf: #"\""#.utf8)
            case 0x5C: bytes.append(contentsOf: #"\\"#.utf8)
            case 0x0A: bytes.append(contentsOf: #"\n"#.utf8)
            case 0x0D: bytes.append(contentsOf: #"\r"#.utf8)
            case 0x09: bytes.append(contentsOf: #"\t"#.utf8)
            case _ where Self.isEscaped(scalar):
                bytes.append(contentsOf: #"\u"#.utf8)
                for shift: UInt32 in [12, 8, 4, 0] {
                    bytes.append(Self.hexDigits[Int(scalar.value >> shift & 0xF)])
                }
            case 0x20...0x7E: bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            default: bytes.append(contentsOf: UTF8.encode(scalar)!)
            }
        }
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// Ends the text with a line break and hands it over.
    package consuming func line() -> [UInt8] {
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)

    private mutating func key(_ name: StaticString) {
        comma()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: "\":".utf8)
        needsComma = false
    }

    private mutating func comma() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
    }

    private mutating func nested(open: UInt8, close: UInt8, _ write: (inout JSONWriter) -> Void) {
        comma()
        bytes.append(open)
        needsComma = false
        write(&self)
        bytes.append(close)
        needsComma = true
    }
}
