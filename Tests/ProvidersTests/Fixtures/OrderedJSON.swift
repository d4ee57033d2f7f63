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
        var reader = Reader(bytes: Array(text.utf8))
        guard let value = reader.value(), reader.isAtEnd else { return nil }
        self = value
    }

    private struct Reader {
        let bytes: [UInt8]
        var index = 0

        init(bytes: [UInt8]) {
            self.bytes = bytes
        }

        var isAtEnd: Bool { index == bytes.count }
        var next: UInt8? { index < bytes.count ? bytes[index] : nil }

        mutating func skip(_ byte: Unicode.Scalar) -> Bool {
            guard let next, UInt32(next) == byte.value else { return false }
            index += 1
            return true
        }

        mutating func skip(word: String) -> Bool {
            guard bytes[index...].starts(with: word.utf8) else { return false }
            index += word.utf8.count
            return true
        }

        mutating func value() -> OrderedJSON? {
            switch next {
            case UInt8(ascii: "\"")?: return string().map(OrderedJSON.string)
            case UInt8(ascii: "{")?: return object()
            case UInt8(ascii: "[")?: return array()
            case UInt8(ascii: "t")?: return skip(word: "true") ? .bool(true) : nil
            case UInt8(ascii: "f")?: return skip(word: "false") ? .bool(false) : nil
            default: return integer()
            }
        }

        mutating func object() -> OrderedJSON? {
            index += 1
            var fields: [(String, OrderedJSON)] = []
            if skip("}") { return .object(fields) }
            repeat {
                guard let name = string(), skip(":"), let value = value(), !fields.contains(where: { $0.0 == name })
                else { return nil }
                fields.append((name, value))
            } while skip(",")
            return skip("}") ? .object(fields) : nil
        }

        mutating func array() -> OrderedJSON? {
            index += 1
            var items: [OrderedJSON] = []
            if skip("]") { return .array(items) }
            repeat {
                guard let value = value() else { return nil }
                items.append(value)
            } while skip(",")
            return skip("]") ? .array(items) : nil
        }

        mutating func integer() -> OrderedJSON? {
            let start = index
            while let byte = next, (48...57).contains(byte) || byte == UInt8(ascii: "-") { index += 1 }
            return Int64(String(decoding: bytes[start..<index], as: UTF8.self)).map(OrderedJSON.integer)
        }

        mutating func string() -> String? {
            guard skip("\"") else { return nil }
            var text: [UInt8] = []
            while let byte = next {
                index += 1
                switch byte {
                case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
                case 0..<0x20: return nil
                case UInt8(ascii: "\\"):
                    guard let scalar = escape() else { return nil }
                    text += Array(String(scalar).utf8)
                default: text.append(byte)
                }
            }
            return nil
        }

        private mutating func escape() -> Character? {
            guard let byte = next else { return nil }
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return "\""
            case UInt8(ascii: "\\"): return "\\"
            case UInt8(ascii: "n"): return "\n"
            case UInt8(ascii: "r"): return "\r"
            case UInt8(ascii: "t"): return "\t"
            case UInt8(ascii: "u"):
                let end = min(index + 4, bytes.count)
                let digits = String(decoding: bytes[index..<end], as: UTF8.self)
                index = end
                return UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init).map(Character.init)
            default: return nil
            }
        }
    }
}
