/// Reads JSON (RFC 8259) from bytes, whole or by walking over what is not wanted.
///
/// Own code because a stream of 100 000 lines is passed on for three fields of each, which takes a walk over the first
/// 250 bytes of a line and not a decoded tree. Values nested deeper than 64 are refused.
package struct JSONReader {
    /// What is wrong with the text, and at which byte.
    package struct Malformed: Error, Sendable, Hashable {
        package let offset: Int
    }

    private static let maximumDepth = 64

    private let bytes: ArraySlice<UInt8>
    private var at: Int
    private var depth = 0

    package init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        at = bytes.startIndex
    }

    /// The one value that `bytes` hold.
    package static func value(of bytes: ArraySlice<UInt8>) throws(Malformed) -> JSONValue {
        var reader = JSONReader(bytes)
        let value = try reader.value()
        reader.skipSpace()
        guard reader.at == bytes.endIndex else { throw reader.malformed }
        return value
    }

    private var malformed: Malformed { Malformed(offset: at - bytes.startIndex) }

    private var current: UInt8? { at < bytes.endIndex ? bytes[at] : nil }

    // For the reading of strings, which is in a file of its own.
    var limit: Int { bytes.endIndex }
    func byte(at index: Int) -> UInt8 { bytes[index] }
    func slice(_ range: Range<Int>) -> ArraySlice<UInt8> { bytes[range] }
    func malformed(at index: Int) -> Malformed { Malformed(offset: index - bytes.startIndex) }
    mutating func move(to index: Int) { at = index }

    /// Skips the opening quote; the index of what follows.
    mutating func beginString() throws(Malformed) -> Int {
        try expect("\"")
        return at
    }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
    }

    private mutating func skip(_ byte: Unicode.Scalar) -> Bool {
        guard let current, UInt32(current) == byte.value else { return false }
        at += 1
        return true
    }

    private mutating func expect(_ byte: Unicode.Scalar) throws(Malformed) {
        guard skip(byte) else { throw malformed }
    }

    private mutating func literal(_ word: StaticString) throws(Malformed) {
        let end = at + word.utf8CodeUnitCount
        let matches = end <= bytes.endIndex && word.withUTF8Buffer { bytes[at..<end].elementsEqual($0) }
        guard matches else { throw malformed }
        at = end
    }
}

extension JSONReader {
    /// The next value as a tree.
    package mutating func value() throws(Malformed) -> JSONValue {
        skipSpace()
        switch current {
        case UInt8(ascii: "{"):
            var members: [JSONValue.Member] = []
            try object { reader, name throws(Malformed) in
                members.append(JSONValue.Member(name, try reader.value()))
                return true
            }
            return .object(members)
        case UInt8(ascii: "["):
            var values: [JSONValue] = []
            try array { reader throws(Malformed) in values.append(try reader.value()) }
            return .array(values)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"):
            try literal("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try literal("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try literal("null")
            return .null
        default: return try number()
        }
    }

    /// Goes through the members of an object. `member` must read or skip the value and says whether to go on; where
    /// it says no, the rest of the object is left unread.
    package mutating func object(
        _ member: (inout JSONReader, String) throws(Malformed) -> Bool
    ) throws(Malformed) {
        skipSpace()
        try expect("{")
        try enter()
        skipSpace()
        if skip("}") { return leave() }
        repeat {
            skipSpace()
            let name = try string()
            skipSpace()
            try expect(":")
            guard try member(&self, name) else { return leave() }
            skipSpace()
        } while skip(",")
        try expect("}")
        leave()
    }

    private mutating func array(_ element: (inout JSONReader) throws(Malformed) -> Void) throws(Malformed) {
        try expect("[")
        try enter()
        skipSpace()
        if skip("]") { return leave() }
        repeat {
            try element(&self)
            skipSpace()
        } while skip(",")
        try expect("]")
        leave()
    }

    /// Walks over the next value, which costs no memory.
    package mutating func skipValue() throws(Malformed) {
        skipSpace()
        switch current {
        case UInt8(ascii: "{"):
            try object { reader, _ throws(Malformed) in
                try reader.skipValue()
                return true
            }
        case UInt8(ascii: "["): try array { reader throws(Malformed) in try reader.skipValue() }
        case UInt8(ascii: "\""): try skipString()
        default: _ = try value()
        }
    }

    private mutating func enter() throws(Malformed) {
        depth += 1
        guard depth <= Self.maximumDepth else { throw malformed }
    }

    private mutating func leave() {
        depth -= 1
    }

    private mutating func number() throws(Malformed) -> JSONValue {
        let start = at
        var isInteger = true
        while let byte = current {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): break
            case UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): isInteger = false
            default:
                return try number(String(decoding: bytes[start..<at], as: UTF8.self), isInteger: isInteger)
            }
            at += 1
        }
        return try number(String(decoding: bytes[start..<at], as: UTF8.self), isInteger: isInteger)
    }

    private func number(_ text: String, isInteger: Bool) throws(Malformed) -> JSONValue {
        if isInteger, let value = Int64(text) { return .integer(value) }
        guard let first = text.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "."),
            let value = Double(text), value.isFinite
        else { throw malformed }
        return .decimal(value)
    }
}
