import CallModel
import Providers

/// Gives each name, message text and mail address another one, the same each time.
///
/// The replacement is of letters and digits, which are written alike in JSON, XML and a query; the original is found in
/// whatever notation, so that nothing has to be taken apart and put together again.
struct TextDisguise {
    /// A local part has 64 bytes at most (RFC 5321, 4.5.3.1.1), and three times as many where all are escaped once
    /// more.
    private static let maximumLocalLength = 192
    private static let hiddenHost = "example.invalid"

    private let key: String
    /// By what they are; a text may be composed of characters in several ways, all of which mean the same.
    private var texts: [String: Set<[UInt32]>] = [:]
    private var tree: TextTree?

    init(key: String) {
        self.key = key
    }

    /// For other texts, which get the same replacements.
    var withoutTexts: TextDisguise { TextDisguise(key: key) }

    /// Texts without a letter (numbers, blanks) and single letters of the Latin alphabet are not taken.
    mutating func note(_ text: String) {
        let scalars = text.unicodeScalars
        guard scalars.count > 1 || scalars.first?.isASCII == false,
            scalars.contains(where: { $0.properties.isAlphabetic || !$0.isASCII && $0.properties.numericType != nil })
        else { return }
        if texts[text, default: []].insert(scalars.map(\.value)).inserted { tree = nil }
    }

    /// These stay, in capitals and in small letters, also with marks around them.
    mutating func spare(_ words: Set<String>) {
        texts = texts.filter { text, _ in
            let scalars = text.lowercased().unicodeScalars
            let word = scalars.drop { !TextTree.isWord($0.value) }.reversed().drop { !TextTree.isWord($0.value) }
            return !words.contains(String(scalars))
                && !words.contains(String(String.UnicodeScalarView(word.reversed())))
        }
        tree = nil
    }

    func replacement(of text: String, prefix: String = "x") -> String {
        prefix + digest(of: [key, text], bytes: 5)
    }

    /// - Parameter local: texts that are replaced in these bytes, too.
    mutating func disguise(_ bytes: [UInt8], with local: TextDisguise? = nil) -> [UInt8] {
        let tree = self.tree ?? makeTree()
        self.tree = tree
        return mails(TextTree.replacing(in: bytes, [tree] + [local?.makeTree()].compactMap(\.self)))
    }

    private func makeTree() -> TextTree {
        var replacements: [(key: [UInt32], value: [UInt8])] = []
        for forms in texts.values {
            guard let first = forms.min(by: { $0.lexicographicallyPrecedes($1) }) else { continue }
            let replacement = Array(replacement(of: String.of(first[...])).utf8)
            replacements += forms.map { ($0, replacement) }
        }
        return TextTree(replacements)
    }

    /// Whatever looks like a mail address or that of a SIP telephone, in whatever notation, and with one more layer of
    /// percent escapes.
    private func mails(_ bytes: [UInt8]) -> [UInt8] {
        let notations = WrittenText.notations(in: bytes)
        guard !notations.isEmpty || bytes.contains(0x40) else { return bytes }
        let written = WrittenText(bytes, notations, isUTF8: true)
        let (scalars, starts) = (written.scalars, written.starts)
        var result: [UInt8] = []
        var (done, place) = (0, 0)
        while place < scalars.count {
            let isEscaped = scalars[place] == 0x25 && scalars[place...].starts(with: [0x25, 0x34, 0x30])
            guard scalars[place] == 0x40 || isEscaped else {
                place += 1
                continue
            }
            let host = place + (isEscaped ? 3 : 1)
            var end = host
            while end < scalars.count, Self.isHost(scalars[end]) { end += 1 }
            let earliest = max(done, place - Self.maximumLocalLength)
            var start = place
            while start > earliest, Self.isLocal(scalars[start - 1]) { start -= 1 }
            guard start < place,
                Self.isAddress(scalars[start..<place], at: scalars[host..<end], behind: scalars[..<start])
            else {
                place = host
                continue
            }
            result += bytes[starts[done]..<starts[start]]
            result += replacement(of: String.of(scalars[start..<place] + scalars[host..<end])).utf8
            result += bytes[starts[place]..<starts[host]] + Array(Self.hiddenHost.utf8)
            (done, place) = (end, end)
        }
        return result + bytes[starts[done]...]
    }

    private static func isLocal(_ scalar: UInt32) -> Bool {
        TextTree.isWord(scalar) || [0x2E, 0x2D, 0x25, 0x2B].contains(scalar)
    }

    private static func isHost(_ scalar: UInt32) -> Bool { TextTree.isWord(scalar) || scalar == 0x2E || scalar == 0x2D }

    /// A host has a letter, or digits behind `sip:`. Who is called there by a number is found by that.
    private static func isAddress(
        _ local: ArraySlice<UInt32>, at host: ArraySlice<UInt32>, behind before: ArraySlice<UInt32>
    ) -> Bool {
        let scheme = String.of(before.suffix(5)).lowercased()
        if scheme.hasSuffix("sip:") || scheme.hasSuffix("sips:") {
            return !host.isEmpty && !local.allSatisfy { DigitGroups.isDigit($0) || $0 == 0x2B }
        }
        // Of what is shorter the replacement would be many times as long.
        let labels = host.split(separator: 0x2E)
        return host.contains { TextTree.isWord($0) && !DigitGroups.isDigit($0) && $0 != 0x5F }
            && (labels.last?.count ?? 0) >= (labels.count > 1 ? 2 : 3) && String.of(host) != hiddenHost
    }
}
