/// Text from bytes: strict UTF-8, or else Windows-1252, which has a character for every byte that providers' old
/// systems send.
package struct DecodedText: Sendable, Hashable {
    package let text: String
    /// The bytes were no UTF-8; whoever reads the text is told so.
    package let isFallback: Bool

    package init(_ bytes: [UInt8]) {
        if let text = String(validating: bytes, as: UTF8.self) {
            self.text = text
            isFallback = false
        } else {
            text = Self.windows1252(bytes)
            isFallback = true
        }
    }

    /// The characters of 0x80 to 0x9F; the five unused places are kept as control characters.
    private static let upper: [UInt16] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,
        0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0x9D, 0x017E, 0x0178,
    ]

    /// The character of one byte.
    package static func windows1252(_ byte: UInt8) -> UInt16 {
        (0x80...0x9F).contains(byte) ? upper[Int(byte) - 0x80] : UInt16(byte)
    }

    private static func windows1252(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.map(windows1252), as: UTF16.self)
    }
}

/// The text alone, for words that are shown and not kept.
package func decodeText(_ bytes: [UInt8]) -> String { DecodedText(bytes).text }
