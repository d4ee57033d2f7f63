/// Replaces texts in bytes in one pass, however many there are: a tree of their scalars, walked along the bytes as
/// `WrittenScalars` reads them. Where several begin at one place the longest is meant.
struct TextTree {
    private struct Node {
        var next: [UInt32: Int] = [:]
        var replacement: [UInt8]?
    }

    private var nodes = [Node()]
    private var canBegin = [Bool](repeating: false, count: 256)

    init(_ replacements: [String: [UInt8]]) {
        for (text, replacement) in replacements {
            guard let first = text.unicodeScalars.first else { continue }
            for byte in WrittenScalars.firstBytes(of: first) { canBegin[Int(byte)] = true }
            var node = 0
            for scalar in text.unicodeScalars {
                if let known = nodes[node].next[scalar.value] {
                    node = known
                } else {
                    nodes.append(Node())
                    nodes[node].next[scalar.value] = nodes.count - 1
                    node = nodes.count - 1
                }
            }
            nodes[node].replacement = replacement
        }
    }

    func replacing(in bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if canBegin[Int(bytes[index])], let found = longest(in: bytes, from: index) {
                result += found.replacement
                index = found.end
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    /// Only where it stands alone: a name that is part of a longer word is none.
    private func longest(in bytes: [UInt8], from start: Int) -> (end: Int, replacement: [UInt8])? {
        if start > 0, Self.isWord(bytes[start - 1]), Self.isWord(bytes[start]), !Self.endsEscape(bytes, start) {
            return nil
        }
        var found: (end: Int, replacement: [UInt8])?
        var open = [(node: 0, index: start)]
        while let (node, index) = open.popLast() {
            if let replacement = nodes[node].replacement, index > found?.end ?? start,
                index == bytes.count || !Self.isWord(bytes[index]) || !Self.isWord(bytes[index - 1])
            {
                found = (index, replacement)
            }
            guard index < bytes.count, !nodes[node].next.isEmpty else { continue }
            for (scalar, length) in WrittenScalars.readings(bytes, index) {
                if let next = nodes[node].next[scalar] { open.append((next, index + length)) }
            }
        }
        return found
    }

    static func isWord(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte >= 0x80
            || byte == UInt8(ascii: "_")
    }

    /// Whether an escape such as `%20`, `\n` or `\u0020` ends right before the place.
    private static func endsEscape(_ bytes: [UInt8], _ index: Int) -> Bool {
        index >= 3 && bytes[index - 3] == UInt8(ascii: "%") || index >= 2 && bytes[index - 2] == UInt8(ascii: "\\")
            || index >= 6 && bytes[index - 6] == UInt8(ascii: "\\") && bytes[index - 5] == UInt8(ascii: "u")
    }
}
