extension JSONReader {
    /// Where the closing quote of the string is that begins at `start`, and whether there is an escape before it.
    private func endOfString(from start: Int) throws(Malformed) -> (end: Int, hasEscapes: Bool) {
        var index = start
        var hasEscapes = false
        while index < limit {
            switch byte(at: index) {
            case UInt8(ascii: "\""): return (index, hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                index += 2
            case 0x00..<0x20: throw malformed(at: index)
            default: index += 1
            }
        }
        throw malformed(at: limit)
    }

    mutating func skipString() throws(Malformed) {
        let start = try beginString()
        move(to: try endOfString(from: start).end + 1)
    }

    /// Bytes that are no UTF-8 and halves of surrogate pairs become U+FFFD.
    mutating func string() throws(Malformed) -> String {
        let start = try beginString()
        let (end, hasEscapes) = try endOfString(from: start)
        move(to: end + 1)
        if !hasEscapes { return String(decoding: slice(start..<end), as: UTF8.self) }
        var text: [UInt8] = []
        var index = start
        while index < end {
            guard byte(at: index) == UInt8(ascii: "\\") else {
                text.append(byte(at: index))
                index += 1
                continue
            }
            let escape = byte(at: index + 1)
            index += 2
            switch escape {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escape)
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"): text.append(contentsOf: String(try scalar(&index, before: end)).utf8)
            default: throw malformed(at: index)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private func scalar(_ index: inout Int, before end: Int) throws(Malformed) -> Unicode.Scalar {
        let first = try codeUnit(&index, before: end)
        if let scalar = Unicode.Scalar(first) { return scalar }
        let isHigh = (0xD800..<0xDC00).contains(first)
        guard isHigh, index + 1 < end, byte(at: index) == UInt8(ascii: "\\"), byte(at: index + 1) == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        var next = index + 2
        let second = try codeUnit(&next, before: end)
        guard (0xDC00..<0xE000).contains(second) else { return "\u{FFFD}" }
        index = next
        return Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)) ?? "\u{FFFD}"
    }

    private func codeUnit(_ index: inout Int, before end: Int) throws(Malformed) -> UInt32 {
        guard index + 4 <= end else { throw malformed(at: index) }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(byte(at: index))).hexDigitValue else {
                throw malformed(at: index)
            }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }
}
