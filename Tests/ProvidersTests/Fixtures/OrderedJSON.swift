/// JSON with the fields of objects in their order, to check the order. Strict enough for lines of our own.
indirect enum OrderedJSON: Equatable {
    case object([(String, OrderedJSON)])
    case array([OrderedJSON])
    case string(String)
    case integer(Int64)
    case bool(Bool)

    static func == (left: OrderedJSON, right: OrderedJSON) -> Bool {
        switch (left, right) {
        case (.object(let a), .object(let b)): a.elementsEqual(b) { $0.0 == $1.0 && $0.1 == $1.1 }
        case (.array(let a), .array(let b)): a == b
        case (.string(let a), .string(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.bool(let a), .bool(let b)): a == b
        default: false
        }
    }

    var fields: [(String, OrderedJSON)]? {
        if case .object(let fields) = self { fields } else { nil }
    }

    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    subscript(_ name: String) -> OrderedJSON? {
        fields?.first { $0.0 == name }?.1
    }

    /// Nil where the text is no JSON, or JSON that the stream must not hold: `null`, a fraction, a blank.
    init?(_ text: some StringProtocol) {
        var reader = Reader(rest: Array(text.utf8)[...])
        guard let value = reader.value(), reader.rest.isEmpty else { return nil }
        self = value
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func skip(_ text: StaticString) -> Bool {
            let bytes = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
            guard rest.starts(with: bytes) else { return false }
            rest = rest.dropFirst(bytes.count)
            return true
        }

        mutating func value() -> OrderedJSON? {
            if skip("true") { return .bool(true) }
            if skip("false") { return .bool(false) }
            if rest.first == UInt8(ascii: "\"") { return string().map(OrderedJSON.string) }
            if skip("{") {
                var fields: [(String, OrderedJSON)] = []
                if skip("}") { return .object(fields) }
                repeat {
                    guard let name = string(), skip(":"), let value = value() else { return nil }
                    guard !fields.contains(where: { $0.0 == name }) else { return nil }
                    fields.append((name, value))
                } while skip(",")
                return skip("}") ? .object(fields) : nil
            }
            if skip("[") {
                var items: [OrderedJSON] = []
                if skip("]") { return .array(items) }
                repeat {
                    guard let value = value() else { return nil }
                    items.append(value)
                } while skip(",")
                return skip("]") ? .array(items) : nil
            }
            let digits = rest.prefix { (48...57).contains($0) || $0 == UInt8(ascii: "-") }
            rest = rest.dropFirst(digits.count)
            return Int64(String(decoding: digits, as: UTF8.self)).map(OrderedJSON.integer)
        }

        mutating func string() -> String? {
            guard skip("\"") else { return nil }
            var text = String.UnicodeScalarView()
            var plain: [UInt8] = []
            func flushed() -> String.UnicodeScalarView? {
                String(validating: plain, as: UTF8.self)?.unicodeScalars
            }
            while let byte = rest.popFirst() {
                switch byte {
                case UInt8(ascii: "\""):
                    guard let last = flushed() else { return nil }
                    return String(text + last)
                case 0..<0x20: return nil
                case UInt8(ascii: "\\"):
                    guard let before = flushed(), let scalar = escape() else { return nil }
                    text += before
                    text.append(scalar)
                    plain = []
                default: plain.append(byte)
                }
            }
            return nil
        }

        private mutating func escape() -> Unicode.Scalar? {
            switch rest.popFirst() {
            case UInt8(ascii: "\"")?: "\""
            case UInt8(ascii: "\\")?: "\\"
            case UInt8(ascii: "n")?: "\n"
            case UInt8(ascii: "r")?: "\r"
            case UInt8(ascii: "t")?: "\t"
            case UInt8(ascii: "u")?: hexadecimal()
            default: nil
            }
        }

        private mutating func hexadecimal() -> Unicode.Scalar? {
            let digits = rest.prefix(4)
            rest = rest.dropFirst(4)
            return UInt32(String(decoding: digits, as: UTF8.self), radix: 16).flatMap(Unicode.Scalar.init)
        }
    }
}
