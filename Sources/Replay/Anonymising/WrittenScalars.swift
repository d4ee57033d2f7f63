import Providers

/// What a place in bytes can be read as, whatever the notation there: UTF-8, Windows-1252, a query's percent escapes
/// and plus signs, JSON's backslashes, XML's references.
enum WrittenScalars {
    /// The notations in which a character takes several others.
    struct Notations: OptionSet {
        let rawValue: Int

        static let backslashes = Notations(rawValue: 1)
        static let percents = Notations(rawValue: 2)
        static let references = Notations(rawValue: 4)
    }

    /// The one scalar at the place where the notations are known. What is none of an escape stands for itself.
    static func reading(
        _ bytes: [UInt8], _ index: Int, _ notations: Notations, isUTF8: Bool
    ) -> (scalar: UInt32, length: Int) {
        let byte = bytes[index]
        let escape: (scalar: UInt32, length: Int)? =
            switch byte {
            case UInt8(ascii: "%") where notations.contains(.percents): percent(bytes, index, isUTF8: isUTF8)
            case UInt8(ascii: "\\") where notations.contains(.backslashes): backslash(bytes, index)
            case UInt8(ascii: "&") where notations.contains(.references): reference(bytes, index)
            case 0x80...0xFF where isUTF8: wide(bytes, index)
            default: nil
            }
        return escape ?? (windows1252(byte), 1)
    }

    private static func wide(_ bytes: [UInt8], _ index: Int) -> (scalar: UInt32, length: Int)? {
        utf8 { index + $0 < bytes.count ? bytes[index + $0] : nil }.map { ($0.scalar, $0.units) }
    }

    private static func percent(_ bytes: [UInt8], _ index: Int, isUTF8: Bool) -> (scalar: UInt32, length: Int)? {
        func escaped(_ number: Int) -> UInt8? {
            let place = index + 3 * number
            guard place + 2 < bytes.count, bytes[place] == UInt8(ascii: "%") else { return nil }
            return hex(bytes, place + 1, 2).map { UInt8($0) }
        }
        guard let first = escaped(0) else { return nil }
        if isUTF8, let found = utf8(escaped) { return (found.scalar, 3 * found.units) }
        return (windows1252(first), 3)
    }

    private static func backslash(_ bytes: [UInt8], _ index: Int) -> (scalar: UInt32, length: Int)? {
        guard index + 1 < bytes.count else { return nil }
        switch bytes[index + 1] {
        case UInt8(ascii: "n"): return (0x0A, 2)
        case UInt8(ascii: "r"): return (0x0D, 2)
        case UInt8(ascii: "t"): return (0x09, 2)
        case UInt8(ascii: "b"): return (0x08, 2)
        case UInt8(ascii: "f"): return (0x0C, 2)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return (UInt32(bytes[index + 1]), 2)
        case UInt8(ascii: "u"):
            guard let high = hex(bytes, index + 2, 4) else { return nil }
            guard (0xD800...0xDFFF).contains(high) else { return (high, 6) }
            if high < 0xDC00, index + 7 < bytes.count, bytes[index + 6] == UInt8(ascii: "\\"),
                bytes[index + 7] == UInt8(ascii: "u"),
                let low = hex(bytes, index + 8, 4), (0xDC00...0xDFFF).contains(low)
            {
                return (0x10000 + (high - 0xD800) << 10 + (low - 0xDC00), 12)
            }
            // Half of a pair, as `JSONRepair` reads it.
            return (0xFFFD, 6)
        default: return nil
        }
    }

    private static let named: [String: UInt32] = [
        "amp": 0x26, "lt": 0x3C, "gt": 0x3E, "quot": 0x22, "apos": 0x27, "nbsp": 0xA0,
    ]

    private static func reference(_ bytes: [UInt8], _ index: Int) -> (scalar: UInt32, length: Int)? {
        // `&#x10FFFF;` is the longest.
        guard let end = bytes[index..<min(bytes.count, index + 10)].firstIndex(of: UInt8(ascii: ";")) else {
            return nil
        }
        let name = String(decoding: bytes[(index + 1)..<end], as: UTF8.self)
        let scalar =
            named[name]
            ?? (name.hasPrefix("#x") || name.hasPrefix("#X")
                ? UInt32(name.dropFirst(2), radix: 16) : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil)
        return scalar.flatMap { Unicode.Scalar($0) }.map { ($0.value, end + 1 - index) }
    }

    private static func utf8(_ unit: (Int) -> UInt8?) -> (scalar: UInt32, units: Int)? {
        guard let first = unit(0) else { return nil }
        let (count, bits): (Int, UInt32) =
            switch first {
            case 0xC2...0xDF: (2, UInt32(first & 0x1F))
            case 0xE0...0xEF: (3, UInt32(first & 0x0F))
            case 0xF0...0xF4: (4, UInt32(first & 0x07))
            default: (0, 0)
            }
        guard count > 0 else { return nil }
        var scalar = bits
        for number in 1..<count {
            guard let next = unit(number), next & 0xC0 == 0x80 else { return nil }
            scalar = scalar << 6 | UInt32(next & 0x3F)
        }
        return (scalar, count)
    }

    private static func windows1252(_ byte: UInt8) -> UInt32 { UInt32(DecodedText.windows1252(byte)) }

    private static func hex(_ bytes: [UInt8], _ index: Int, _ count: Int) -> UInt32? {
        guard index + count <= bytes.count else { return nil }
        var value: UInt32 = 0
        for byte in bytes[index..<(index + count)] {
            switch byte {
            case 48...57: value = value << 4 | UInt32(byte - 48)
            case 65...70: value = value << 4 | UInt32(byte - 55)
            case 97...102: value = value << 4 | UInt32(byte - 87)
            default: return nil
            }
        }
        return value
    }
}
