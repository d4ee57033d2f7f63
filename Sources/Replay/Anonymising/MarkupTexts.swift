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

    typealias Element = (name: String, text: String)

    /// The texts of the elements without children, each part of them: references are read, sections are texts of
    /// their own. Whatever is in an element that is all about one name is a part of that.
    static func texts(in bytes: [UInt8], isGroup: (String) -> Bool) -> [Element] {
        var texts = MarkupTexts(bytes[...])
        let (found, sections) = texts.read(isGroup)
        // Markup may be quoted in a section, and no section in that.
        return found
            + sections.flatMap { section in
                var quoted = MarkupTexts(section)
                return quoted.read(isGroup).found
            }
    }

    private mutating func read(_ isGroup: (String) -> Bool) -> (found: [Element], sections: [ArraySlice<UInt8>]) {
        var found: [Element] = []
        var sections: [ArraySlice<UInt8>] = []
        var group: ArraySlice<UInt8>?
        while let open = next(UInt8(ascii: "<"), from: place) {
            place = open
            if let section = takeSection() {
                sections.append(section)
                continue
            }
            guard let close = next(UInt8(ascii: ">"), from: open) else { break }
            place = close + 1
            let name = bytes[(open + 1)..<close].prefix { !" \t\r\n/".utf8.contains($0) }
            if name.starts(with: "!--".utf8) { found.append(("", decodeText(Array(bytes[(open + 4)..<close])))) }
            guard (1...Self.maximumNameBytes).contains(name.count) || group != nil else { continue }
            let (texts, quoted) = takeContent()
            sections += quoted
            let isGroup = group == nil && isGroup(String(decoding: name, as: UTF8.self))
            let text = String(decoding: group ?? name, as: UTF8.self)
            let isWhole = isEnd(of: name)
            if isWhole || group != nil { found += texts.map { (text, $0) } }
            if isGroup, !isWhole, bytes[close - 1] != UInt8(ascii: "/") {
                group = name
                found += texts.map { (text, $0) }
            }
            if let open = group, isEnd(of: open) { group = nil }
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
                texts += Self.wholeParts(bytes[place..<end])
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

    /// Whether the element ends here, or the bytes do in front of that.
    private func isEnd(of name: ArraySlice<UInt8>) -> Bool {
        let end = Array("</".utf8) + name + [UInt8(ascii: ">")]
        let rest = bytes[place...].prefix(end.count)
        return end.starts(with: rest) && (rest.count == end.count || rest.endIndex == bytes.endIndex)
    }

    // MARK: - Attributes

    /// The attributes of all tags. A value that is not closed ends where the next tag begins, or the bytes do.
    ///
    /// - Returns: with the number of the tag that each stands in.
    static func attributes(in bytes: [UInt8]) -> [(tag: Int, name: String, value: String)] {
        var found: [(tag: Int, name: String, value: String)] = []
        var place = 0
        var isTag = false
        var tag = 0
        while place < bytes.count {
            defer { place += 1 }
            switch bytes[place] {
            case UInt8(ascii: "<"): (isTag, tag) = (true, tag + 1)
            case UInt8(ascii: ">"): isTag = false
            case UInt8(ascii: "=") where isTag:
                let name = attributeName(in: bytes, before: place)
                var start = place + 1
                while start < bytes.count, isBlank(bytes[start]) { start += 1 }
                guard start < bytes.count, [UInt8(ascii: "\""), UInt8(ascii: "'")].contains(bytes[start]) else {
                    place = start - 1
                    continue
                }
                var end = start + 1
                while end < bytes.count, bytes[end] != bytes[start], bytes[end] != UInt8(ascii: "<") { end += 1 }
                for part in wholeParts(bytes[(start + 1)..<end]) where !name.isEmpty {
                    found.append((tag, String(decoding: name, as: UTF8.self), part))
                }
                place = end < bytes.count && bytes[end] == bytes[start] ? end : end - 1
            default: break
            }
        }
        return found
    }

    /// What stands between ampersands that begin no reference and characters that XML does not have: these stay, or
    /// what no reader took would be whole.
    private static func wholeParts(_ bytes: ArraySlice<UInt8>) -> [String] {
        let written = WrittenText(Array(bytes), .references, isUTF8: true)
        return written.scalars.indices.split { place in
            let scalar = written.scalars[place]
            return scalar < 0x20 && ![0x09, 0x0A, 0x0D].contains(scalar)
                || scalar == 0x26 && written.starts[place + 1] - written.starts[place] == 1
        }.map { String.of(written.scalars[$0.startIndex..<$0.endIndex]) }
    }

    private static func attributeName(in bytes: [UInt8], before place: Int) -> ArraySlice<UInt8> {
        let earliest = max(0, place - maximumNameBytes)
        var end = place
        while end > earliest, isBlank(bytes[end - 1]) { end -= 1 }
        var start = end
        while start > earliest, !isBlank(bytes[start - 1]), !"<>='\"/".utf8.contains(bytes[start - 1]) { start -= 1 }
        return bytes[start..<end]
    }

    private static func isBlank(_ byte: UInt8) -> Bool { " \t\r\n".utf8.contains(byte) }
}
