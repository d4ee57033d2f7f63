import Providers

/// Finds texts in XML that may be damaged or none at all. Each byte is looked at a few times, whatever stands there:
/// anybody can send it.
struct MarkupTexts {
    /// Longer names are nobody's.
    private static let maximumNameBytes = 64
    private static let sectionStart = Array("<![CDATA[".utf8)

    private let bytes: ArraySlice<UInt8>
    private var place: Int
    /// Where the next section ends, as far as that was looked for; the end of the bytes where none does.
    private var sectionEnd: Int?

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        place = bytes.startIndex
    }

    // MARK: - Elements

    /// The texts of the elements without children, each part of them: references are read, sections are texts of their own.
    static func texts(in bytes: [UInt8], ofElements isWanted: (String) -> Bool) -> [String] {
        var texts = MarkupTexts(bytes[...])
        let (found, sections) = texts.read(isWanted)
        // Markup may be quoted in a section, and no section in that.
        return found
            + sections.flatMap { section in
                var quoted = MarkupTexts(section)
                return quoted.read(isWanted).found
            }
    }

    private mutating func read(_ isWanted: (String) -> Bool) -> (found: [String], sections: [ArraySlice<UInt8>]) {
        var found: [String] = []
        var sections: [ArraySlice<UInt8>] = []
        while let open = next(UInt8(ascii: "<"), from: place) {
            place = open
            if let section = takeSection() {
                sections.append(section)
                continue
            }
            guard let close = next(UInt8(ascii: ">"), from: open) else { break }
            place = close + 1
            let name = bytes[(open + 1)..<close].prefix { !" \t\r\n/".utf8.contains($0) }
            guard name.count <= Self.maximumNameBytes, isWanted(String(decoding: name, as: UTF8.self)) else { continue }
            let (texts, quoted) = takeContent()
            sections += quoted
            if bytes[place...].starts(with: Array("</".utf8) + name + [UInt8(ascii: ">")]) { found += texts }
        }
        return (found, sections)
    }

    /// Up to the next tag.
    private mutating func takeContent() -> (texts: [String], sections: [ArraySlice<UInt8>]) {
        var texts: [String] = []
        var sections: [ArraySlice<UInt8>] = []
        while place < bytes.endIndex {
            if let section = takeSection() {
                texts.append(decodeText(Array(section)))
                sections.append(section)
            } else if bytes[place] == UInt8(ascii: "<") {
                break
            } else {
                let end = next(UInt8(ascii: "<"), from: place) ?? bytes.endIndex
                texts.append(WrittenText(Array(bytes[place..<end]), .references, isUTF8: true).text)
                place = end
            }
        }
        return (texts, sections)
    }

    /// What a section that begins here holds; nil where none does, or where it never ends.
    private mutating func takeSection() -> ArraySlice<UInt8>? {
        guard bytes[place...].starts(with: Self.sectionStart) else { return nil }
        let start = place + Self.sectionStart.count
        var end = max(start, sectionEnd ?? start)
        while end < bytes.endIndex, !bytes[end...].starts(with: "]]>".utf8) { end += 1 }
        sectionEnd = end
        guard end < bytes.endIndex else { return nil }
        place = end + 3
        return bytes[start..<end]
    }

    private func next(_ byte: UInt8, from start: Int) -> Int? { bytes[start...].firstIndex(of: byte) }

    // MARK: - Attributes

    /// The values of `name="123"` that are digits alone.
    static func numbers(in bytes: [UInt8], ofAttributes isWanted: (String) -> Bool) -> [String] {
        var found: [String] = []
        for place in bytes.indices.dropLast(2) where bytes[place] == 0x3D && bytes[place + 1] == 0x22 {
            var start = place
            while start > 0, place - start <= maximumNameBytes, isOfName(bytes[start - 1]) { start -= 1 }
            guard place - start <= maximumNameBytes, isWanted(String(decoding: bytes[start..<place], as: UTF8.self))
            else { continue }
            let value = bytes[(place + 2)...].prefix { (48...57).contains($0) }
            guard !value.isEmpty, value.endIndex < bytes.count, bytes[value.endIndex] == 0x22 else { continue }
            found.append(String(decoding: value, as: UTF8.self))
        }
        return found
    }

    private static func isOfName(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) || byte == 0x5F }
}
