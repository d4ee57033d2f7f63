import CallModel
import Providers

/// Gives each name, message text and mail address another one, the same each time.
///
/// The replacement is of letters and digits, which are written alike in JSON, XML and a query; the original is found in
/// whatever notation, so that nothing has to be taken apart and put together again.
struct TextDisguise {
    /// A local part has 64 bytes at most (RFC 5321, 4.5.3.1.1), and three times as many where all are escaped.
    private static let maximumLocalBytes = 192

    private let key: String
    private var texts: Set<String> = []
    private var tree: TextTree?

    init(key: String) {
        self.key = key
    }

    /// Texts without a letter (numbers, blanks) and single letters are not taken.
    mutating func note(_ text: String) {
        guard text.unicodeScalars.count > 1, text.unicodeScalars.contains(where: \.properties.isAlphabetic) else {
            return
        }
        if texts.insert(text).inserted { tree = nil }
    }

    func replacement(of text: String, prefix: String = "x") -> String {
        prefix + digest(of: [key, text], bytes: 5)
    }

    mutating func disguise(_ bytes: [UInt8]) -> [UInt8] {
        let tree = self.tree ?? makeTree()
        self.tree = tree
        return mails(tree.replacing(in: bytes))
    }

    private func makeTree() -> TextTree {
        var replacements: [String: [UInt8]] = [:]
        for text in texts { replacements[text] = Array(replacement(of: text).utf8) }
        return TextTree(replacements)
    }

    /// Whatever looks like a mail address, also with `%40` in a query.
    private func mails(_ bytes: [UInt8]) -> [UInt8] {
        func isLocal(_ byte: UInt8) -> Bool {
            TextTree.isWord(UInt32(byte)) && byte < 0x80 || ".-%+".utf8.contains(byte)
        }
        func isDomain(_ byte: UInt8) -> Bool {
            TextTree.isWord(UInt32(byte)) && byte < 0x80 || ".-".utf8.contains(byte)
        }
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
            let earliest = max(0, result.count - min(index, Self.maximumLocalBytes))
            while start > earliest, isLocal(result[start - 1]) { start -= 1 }
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
