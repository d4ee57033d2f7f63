import Yams

/// Where a document has anchors and tags, in the order of its nodes.
///
/// Every list and mapping is gone through once, however many aliases of it there are: ten levels of ten aliases each
/// would be ten thousand million nodes.
struct NodeMarks {
    struct Anchor {
        /// Of its `&`.
        let position: Position
        /// What the key is called that it stands before; nil before a value, and where blanks can stand for it.
        let key: String?
    }

    private(set) var anchors: [Anchor] = []
    private(set) var tags: [Position] = []
    private let text: SourceText
    private let known: Set<Position>
    private var visited: Set<Position> = []
    private var found: Set<Position> = []

    /// - Parameter known: places that are left out.
    init(_ root: Node?, in text: SourceText, leaving known: Set<Position>) {
        self.text = text
        self.known = known
        if let root { visit(root, isKey: false) }
    }

    private mutating func visit(_ node: Node, isKey: Bool) {
        look(at: node, isKey: isKey)
        switch node {
        case .mapping(let mapping):
            guard visited.insert(node.position).inserted else { return }
            for (key, value) in mapping {
                visit(key, isKey: true)
                visit(value, isKey: false)
            }
        case .sequence(let sequence):
            guard visited.insert(node.position).inserted else { return }
            for item in sequence { visit(item, isKey: false) }
        default: break
        }
    }

    private mutating func look(at node: Node, isKey: Bool) {
        guard !node.beginsWithItsFirstKey else { return }
        if text.scalar(at: node.position) == "!", !known.contains(node.position), found.insert(node.position).inserted {
            tags.append(node.position)
        }
        // A node's own `anchor` is gone with the parser.
        guard let position = anchor(of: node), !known.contains(position),
            found.insert(position).inserted
        else { return }
        let isFirst = position == node.position
        anchors.append(Anchor(position: position, key: isKey && isFirst ? node.scalar?.string ?? "" : nil))
    }

    /// At the beginning of the node, or behind its tag.
    private func anchor(of node: Node) -> Position? {
        var shift = 0
        if text.scalar(at: node.position) == "!" {
            while let scalar = text.scalar(at: node.position, shift: shift), !" \n\r".unicodeScalars.contains(scalar) {
                shift += 1
            }
            shift += text.blanks(at: node.position, shift: shift)
        }
        let position = Position(line: node.position.line, column: node.position.column + shift)
        return text.anchorLength(at: position) > 0 ? position : nil
    }
}

extension Node {
    /// Whether it is a mapping without brackets, anchor or tag: what stands at its beginning belongs to its first key.
    var beginsWithItsFirstKey: Bool {
        guard case .mapping(let mapping) = self, let first = mapping.first else { return false }
        return first.key.position == position
    }
}
