import CallModel
import FoundationEssentials
import Providers

/// Gives each name, message text and mail address another one, the same each time.
///
/// The replacement is of letters and digits, which are written alike in JSON, XML and a query; the original is looked for
/// in each of these forms, so that nothing has to be taken apart and put together again.
struct TextDisguise {
    private let key: String
    private var texts: Set<String> = []
    private var variants: [(needle: [UInt8], replacement: [UInt8])]?

    init(key: String) {
        self.key = key
    }

    /// Texts without a letter (numbers, blanks) and single letters are not taken.
    mutating func note(_ text: String) {
        guard text.unicodeScalars.count > 1, text.unicodeScalars.contains(where: \.properties.isAlphabetic) else {
            return
        }
        if texts.insert(text).inserted { variants = nil }
    }

    func replacement(of text: String, prefix: String = "x") -> String {
        prefix + digest(of: [key, text], bytes: 5)
    }

    mutating func disguise(_ bytes: [UInt8]) -> [UInt8] {
        let variants = self.variants ?? makeVariants()
        self.variants = variants
        var bytes = bytes
        for (needle, replacement) in variants { bytes = Self.replace(needle, by: replacement, in: bytes) }
        return mails(bytes)
    }

    /// Longest first, so that a name within a name does not break it.
    private func makeVariants() -> [(needle: [UInt8], replacement: [UInt8])] {
        var variants: [[UInt8]: [UInt8]] = [:]
        for text in texts.sorted() {
            let replacement = Array(replacement(of: text).utf8)
            for form in Self.forms(of: text) where form.count > 1 { variants[form] = replacement }
        }
        return variants.sorted { one, other in
            one.key.count != other.key.count
                ? one.key.count > other.key.count : one.key.lexicographicallyPrecedes(other.key)
        }.map { ($0.key, $0.value) }
    }

    private static func forms(of text: String) -> Set<[UInt8]> {
        var forms: Set<[UInt8]> = [Array(text.utf8)]
        // Windows-1252 and ISO 8859-1 agree on what names are written in.
        let latin = text.unicodeScalars.map { UInt8(exactly: $0.value) }
        if latin.allSatisfy({ $0 != nil }) { forms.insert(latin.compactMap(\.self)) }
        for form in forms {
            let percent = percent(form)
            forms.insert(percent)
            forms.insert(Array(String(decoding: percent, as: UTF8.self).replacing("%20", with: "+").utf8))
            forms.insert(Array(String(decoding: percent, as: UTF8.self).lowercased().utf8))
        }
        var json = JSONWriter()
        json.string(text)
        forms.insert(Array(json.bytes.dropFirst().dropLast()))
        for isUpper in [false, true] {
            forms.insert(
                text.utf16.flatMap { unit -> [UInt8] in
                    if (0x20...0x7E).contains(unit) { return [UInt8(unit)] }
                    let hex = String(unit, radix: 16, uppercase: isUpper)
                    return Array("\\u\(String(repeating: "0", count: 4 - hex.count))\(hex)".utf8)
                })
        }
        let xml = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        forms.insert(Array(xml.utf8))
        forms.insert(Array(xml.replacing("\"", with: "&quot;").replacing("'", with: "&apos;").utf8))
        return forms
    }

    private static func percent(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { byte -> [UInt8] in
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                return [byte]
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                return Array("%\(hex.count == 1 ? "0" : "")\(hex)".utf8)
            }
        }
    }

    /// Only where it stands alone: a name that is part of a longer word is none.
    private static func replace(_ needle: [UInt8], by replacement: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        guard bytes.count >= needle.count, let first = needle.first, let last = needle.last else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let end = index + needle.count
            if bytes[index] == first, end <= bytes.count, bytes[index..<end].elementsEqual(needle),
                index == 0 || !isWord(bytes[index - 1]) || !isWord(first) || isEscape(bytes, before: index),
                end == bytes.count || !isWord(bytes[end]) || !isWord(last)
            {
                result += replacement
                index = end
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte >= 0x80
            || byte == UInt8(ascii: "_")
    }

    /// Whether an escape such as `%20` or `\n` ends right before the place.
    private static func isEscape(_ bytes: [UInt8], before index: Int) -> Bool {
        (index >= 3 && bytes[index - 3] == UInt8(ascii: "%")) || (index >= 2 && bytes[index - 2] == UInt8(ascii: "\\"))
    }

    /// Whatever looks like a mail address, also with `%40` in a query.
    private func mails(_ bytes: [UInt8]) -> [UInt8] {
        func isLocal(_ byte: UInt8) -> Bool {
            Self.isWord(byte) && byte < 0x80 || ".-%+".utf8.contains(byte)
        }
        func isDomain(_ byte: UInt8) -> Bool { Self.isWord(byte) && byte < 0x80 || ".-".utf8.contains(byte) }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let isEscaped = bytes[index...].starts(with: "%40".utf8)
            guard bytes[index] == UInt8(ascii: "@") || isEscaped else {
                result.append(bytes[index])
                index += 1
                continue
            }
            let domainStart = index + (isEscaped ? 3 : 1)
            var end = domainStart
            while end < bytes.count, isDomain(bytes[end]) { end += 1 }
            var start = result.count
            while start > 0, isLocal(result[start - 1]), index - (result.count - start) > 0 { start -= 1 }
            let domain = bytes[domainStart..<end]
            let top = domain.split(separator: UInt8(ascii: ".")).last ?? []
            guard start < result.count, domain.contains(UInt8(ascii: ".")), top.count > 1,
                top.allSatisfy({ (65...90).contains($0) || (97...122).contains($0) }),
                !domain.elementsEqual("example.invalid".utf8)
            else {
                result.append(bytes[index])
                index += 1
                continue
            }
            let address = String(decoding: result[start...] + domain, as: UTF8.self)
            result.removeSubrange(start...)
            result += Array(replacement(of: address).utf8) + bytes[index..<domainStart] + Array("example.invalid".utf8)
            index = end
        }
        return result
    }
}
