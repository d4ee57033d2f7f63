/// Replaces texts in bytes, however many and however long: each reading of the bytes is passed over once (Aho and
/// Corasick, Efficient String Matching, 1975), so that the work is proportional to the bytes and to the texts, which
/// anybody can send.
struct TextTree {
    private struct Node {
        var depth: Int32
        /// The longest other beginning of a text that these scalars end with; 0, the root, where there is none.
        var shorter: Int32 = 0
        /// The scalar in front of `shorter` in here.
        var beforeShorter: UInt32 = 0
        /// The text that ends here; -1 for none.
        var text: Int32 = -1
        /// The node of the longest text that stands alone at the end of these scalars and is not all of them; -1 for
        /// none.
        var inner: Int32 = -1
    }

    private struct Text {
        let replacement: [UInt8]
        let beginsWord: Bool
    }

    private struct Hit {
        let start: Int
        let end: Int
        let replacement: [UInt8]
    }

    private var nodes = [Node(depth: 0)]
    private var texts: [Text] = []
    /// By node and scalar.
    private var edges: [UInt64: Int32] = [:]
    /// The same for the root, where most lookups end.
    private var first = [Int32](repeating: 0, count: 128)

    /// - Parameter replacements: by the scalars of the texts.
    init(_ replacements: [(key: [UInt32], value: [UInt8])]) {
        var parents: [Int32] = [0]
        var scalars: [UInt32] = [0]
        for (text, replacement) in replacements.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) })
        where !text.isEmpty {
            var node: Int32 = 0
            for scalar in text.lazy.map(Self.canonical) {
                if let known = next(node, scalar) {
                    node = known
                } else {
                    parents.append(node)
                    scalars.append(scalar)
                    add(node, scalar)
                    node = Int32(nodes.count - 1)
                }
            }
            if nodes[Int(node)].text < 0 {
                nodes[Int(node)].text = Int32(texts.count)
                let begin = text.first.map { Self.isWord(Self.canonical($0)) }
                texts.append(Text(replacement: replacement, beginsWord: begin ?? false))
            }
        }
        // What a node refers to is nearer to the root.
        for node in nodesByDepth() where parents[node] != 0 {
            link(node, parent: parents[node], scalar: scalars[node], previous: scalars[Int(parents[node])])
        }
    }

    private mutating func add(_ parent: Int32, _ scalar: UInt32) {
        let node = Int32(nodes.count)
        nodes.append(Node(depth: nodes[Int(parent)].depth + 1))
        edges[Self.edge(parent, scalar)] = node
        if parent == 0, scalar < 128 { first[Int(scalar)] = node }
    }

    private func nodesByDepth() -> [Int] {
        var places = [Int](repeating: 0, count: Int(nodes.lazy.map(\.depth).max() ?? 0) + 2)
        for node in nodes { places[Int(node.depth) + 1] += 1 }
        for depth in places.indices.dropFirst() { places[depth] += places[depth - 1] }
        var ordered = [Int](repeating: 0, count: nodes.count)
        for (number, node) in nodes.enumerated() {
            ordered[places[Int(node.depth)]] = number
            places[Int(node.depth)] += 1
        }
        return ordered
    }

    private mutating func link(_ node: Int, parent: Int32, scalar: UInt32, previous: UInt32) {
        var from = Int(parent)
        while from != 0 {
            let shorter = nodes[from].shorter
            if let found = next(shorter, scalar) {
                nodes[node].shorter = found
                nodes[node].beforeShorter = shorter == 0 ? previous : nodes[from].beforeShorter
                break
            }
            from = Int(shorter)
        }
        let shorter = nodes[Int(nodes[node].shorter)]
        let standsAlone =
            shorter.text >= 0 && (!Self.isWord(nodes[node].beforeShorter) || !texts[Int(shorter.text)].beginsWord)
        nodes[node].inner = standsAlone ? nodes[node].shorter : shorter.inner
    }

    private func next(_ node: Int32, _ scalar: UInt32) -> Int32? {
        if node == 0, scalar < 128 {
            let found = first[Int(scalar)]
            return found == 0 ? nil : found
        }
        return edges[Self.edge(node, scalar)]
    }

    private static func edge(_ node: Int32, _ scalar: UInt32) -> UInt64 {
        UInt64(UInt32(bitPattern: node)) << 32 | UInt64(scalar)
    }

    // MARK: - Replacing

    /// Where several texts begin at one place the longest is meant; where two overlap, the rest of the second goes too.
    static func replacing(in bytes: [UInt8], _ trees: [TextTree]) -> [UInt8] {
        let trees = trees.filter { !$0.texts.isEmpty }
        guard !trees.isEmpty else { return bytes }
        var hits: [Hit] = []
        WrittenText.readings(of: bytes) { written in for tree in trees { tree.find(in: written, &hits) } }
        hits.sort { ($0.start, $1.end) < ($1.start, $0.end) }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        for hit in hits where hit.end > index {
            if hit.start > index { result += bytes[index..<hit.start] }
            result += hit.replacement
            index = hit.end
        }
        return result + bytes[index...]
    }

    /// Only where it stands alone: a name that is part of a longer word is none.
    private func find(in written: WrittenText, _ hits: inout [Hit]) {
        let scalars = written.scalars
        var node: Int32 = 0
        for place in scalars.indices {
            let scalar = Self.canonical(scalars[place])
            var following = next(node, scalar)
            while following == nil, node != 0 {
                node = nodes[Int(node)].shorter
                following = next(node, scalar)
            }
            node = following ?? 0
            guard node != 0 else { continue }
            let end = place + 1
            if end < scalars.count, Self.isWord(scalar), Self.isWord(scalars[end]) { continue }
            let here = nodes[Int(node)]
            let isWhole = here.text >= 0 && mayBegin(here, at: end - Int(here.depth), in: scalars)
            let found = isWhole ? node : here.inner
            guard found >= 0 else { continue }
            let start = end - Int(nodes[Int(found)].depth)
            hits.append(
                Hit(
                    start: written.starts[start], end: written.starts[end],
                    replacement: texts[Int(nodes[Int(found)].text)].replacement))
        }
    }

    private func mayBegin(_ node: Node, at start: Int, in scalars: [UInt32]) -> Bool {
        start == 0 || !texts[Int(node.text)].beginsWord || !Self.isWord(scalars[start - 1])
            || Self.endsEscape(scalars, start)
    }

    static func isWord(_ scalar: UInt32) -> Bool {
        (48...57).contains(scalar) || (65...90).contains(scalar) || (97...122).contains(scalar) || scalar == 0x5F
            || scalar >= 0x80 && !isMark(scalar)
    }

    /// Quotes, dashes and blanks beyond ASCII.
    private static func isMark(_ scalar: UInt32) -> Bool {
        [0xA0, 0xAB, 0xBB].contains(scalar) || (0x2000...0x203A).contains(scalar)
    }

    /// In a query a plus sign is a blank, and elsewhere not: the two are taken for the same.
    private static func canonical(_ scalar: UInt32) -> UInt32 { scalar == 0x2B ? 0x20 : scalar }

    /// Whether an escape such as `%20`, `\n` or `\u0020`, of text within text, ends right before the place.
    private static func endsEscape(_ scalars: [UInt32], _ index: Int) -> Bool {
        let (percent, backslash, u): (UInt32, UInt32, UInt32) = (0x25, 0x5C, 0x75)
        return index >= 3 && scalars[index - 3] == percent || index >= 2 && scalars[index - 2] == backslash
            || index >= 6 && scalars[index - 6] == backslash && scalars[index - 5] == u
    }
}
