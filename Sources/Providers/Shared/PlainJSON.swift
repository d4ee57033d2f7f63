/// Reads JSON of the plain kind that providers nearly always send, without throwing and in one pass.
///
/// Whatever is not plain (an escape by number, an exponent, a name twice, a fault) is left to `JSONRepair` and the
/// strict reader after it, so that there is one reading of everything odd. A reader that tries one type after the
/// other throws a dozen errors an event; this is five times as fast.
struct PlainJSON {
    /// Deeper values are left to `JSONRepair`.
    private static let maximumDepth = 32

    private let bytes: UnsafeBufferPointer<UInt8>
    private var place = 0

    /// Nil where the text is not plain.
    static func read(_ text: [UInt8]) -> JSONValue? {
        text.withUnsafeBufferPointer { bytes in
            var reader = PlainJSON(bytes: bytes)
            guard let value = reader.value(depth: 0) else { return nil }
            reader.skipBlanks()
            return reader.place == bytes.count ? value : nil
        }
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    private var byte: UInt8 { place < bytes.count ? bytes[place] : 0 }

    private mutating func skipBlanks() {
        while byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
    }

    private mutating func take(_ expected: UInt8) -> Bool {
        skipBlanks()
        guard byte == expected else { return false }
        place += 1
        return true
    }

    private mutating func value(depth: Int) -> JSONValue? {
        guard depth < Self.maximumDepth else { return nil }
        skipBlanks()
        switch byte {
        case UInt8(ascii: "\""): return string().map { .string($0) }
        case UInt8(ascii: "{"): return object(depth)
        case UInt8(ascii: "["): return array(depth)
        case UInt8(ascii: "t"): return word("true", .bool(true))
        case UInt8(ascii: "f"): return word("false", .bool(false))
        case UInt8(ascii: "n"): return word("null", .null)
        default: return number()
        }
    }

    private mutating func object(_ depth: Int) -> JSONValue? {
        place += 1
        var members: [String: JSONValue] = [:]
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipBlanks()
            guard byte == UInt8(ascii: "\""), let name = string(), take(UInt8(ascii: ":")),
                let value = value(depth: depth + 1), members.updateValue(value, forKey: name) == nil
            else { return nil }
            if take(UInt8(ascii: ",")) { continue }
            return take(UInt8(ascii: "}")) ? .object(members) : nil
        }
    }

    private mutating func array(_ depth: Int) -> JSONValue? {
        place += 1
        var items: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return .array(items) }
        while true {
            guard let value = value(depth: depth + 1) else { return nil }
            items.append(value)
            if take(UInt8(ascii: ",")) { continue }
            return take(UInt8(ascii: "]")) ? .array(items) : nil
        }
    }

    private mutating func string() -> String? {
        place += 1
        let start = place
        while place < bytes.count {
            let byte = bytes[place]
            if byte == UInt8(ascii: "\"") {
                defer { place += 1 }
                return String(decoding: bytes[start..<place], as: UTF8.self)
            }
            if byte < 0x20 || byte == UInt8(ascii: "\\") { return nil }
            place += 1
        }
        return nil
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) -> JSONValue? {
        for offset in 0..<word.utf8CodeUnitCount {
            guard byte == word.utf8Start[offset] else { return nil }
            place += 1
        }
        return value
    }

    /// Whole numbers of up to 18 digits, which fit, and fractions that are none of a whole number.
    private mutating func number() -> JSONValue? {
        let start = place
        if byte == UInt8(ascii: "-") { place += 1 }
        let digits = place
        var number: Int64 = 0
        while byte >= 0x30, byte <= 0x39 {
            guard place - digits < 18 else { return longNumber(from: start) }
            number = number * 10 + Int64(byte - 0x30)
            place += 1
        }
        let count = place - digits
        guard count > 0, count == 1 || bytes[digits] != 0x30, byte != UInt8(ascii: "e"), byte != UInt8(ascii: "E")
        else { return nil }
        if byte == UInt8(ascii: ".") { return fraction(from: start) }
        return .integer(digits > start ? -number : number)
    }

    /// Times in nanoseconds have 19 digits.
    private mutating func longNumber(from start: Int) -> JSONValue? {
        while byte >= 0x30, byte <= 0x39 { place += 1 }
        guard byte != UInt8(ascii: "."), byte | 0x20 != UInt8(ascii: "e"), bytes[start] >= 0x31 else { return nil }
        let digits = String(decoding: bytes[start..<place], as: UTF8.self)
        // An id rather than a quantity: as it was sent.
        return Int64(digits).map { .integer($0) } ?? .string(digits)
    }

    private mutating func fraction(from start: Int) -> JSONValue? {
        place += 1
        let first = place
        while byte >= 0x30, byte <= 0x39 { place += 1 }
        guard place > first, byte | 0x20 != UInt8(ascii: "e"),
            let value = Double(String(decoding: bytes[start..<place], as: UTF8.self)), value != value.rounded()
        else { return nil }
        return .double(value)
    }
}
