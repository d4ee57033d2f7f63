import Yams

/// What a scalar would be to a reader of YAML 1.1, which decides whether it had to be quoted.
enum ScalarKind {
    case text, number, boolean, null, date

    /// Quoted scalars are always text.
    init(_ scalar: Node.Scalar, _ node: Node) {
        guard scalar.style == .plain || scalar.style == .any else {
            self = .text
            return
        }
        switch node.tag.rawValue {
        case Tag.Name.int.rawValue, Tag.Name.float.rawValue: self = .number
        case Tag.Name.bool.rawValue: self = .boolean
        case Tag.Name.null.rawValue: self = .null
        case Tag.Name.timestamp.rawValue: self = .date
        default: self = .text
        }
    }
}

extension ReadingContext {
    /// A scalar that is text, quoted or not, but nothing that YAML takes for a number, a date or a yes and no, unless
    /// `kinds` admits it: where quotes would not make it right, the caller says what would.
    ///
    /// `what` names the value in messages; the value itself is not repeated, it may be a phone number or a secret.
    func text(_ node: Node, what: String, admitting kinds: Set<ScalarKind> = []) -> Located<String>? {
        guard admits(node) else { return nil }
        guard let scalar = node.scalar else {
            report(
                "\(what) must be a text, not a list or mapping; put it in quotes if it begins with [ or {",
                at: node.position)
            return nil
        }
        let kind = ScalarKind(scalar, node)
        switch kinds.contains(kind) ? .text : kind {
        case .text:
            guard !scalar.string.isEmpty else {
                report("\(what) is empty", at: node.position)
                return nil
            }
            guard !scalar.string.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) else {
                report("\(what) holds a line break or control character", at: node.position)
                return nil
            }
            return Located(scalar.string, node.position)
        case .number:
            report("\(what) is an unquoted number; put it in quotes so that every digit is kept", at: node.position)
        case .boolean:
            report("\(what) is unquoted and reads as yes or no; put it in quotes", at: node.position)
        case .date:
            report("\(what) is unquoted and reads as a date; put it in quotes", at: node.position)
        case .null:
            report("\(what) has no value", at: node.position)
        }
        return nil
    }

    func boolean(_ node: Node, what: String) -> Bool? {
        guard admits(node) else { return nil }
        if let scalar = node.scalar, scalar.style == .plain {
            if scalar.string == "true" { return true }
            if scalar.string == "false" { return false }
        }
        report("\(what) must be true or false, unquoted", at: node.position)
        return nil
    }

    /// The items of a list; nil where the node is something else.
    func list(_ node: Node, what: String) -> [Node]? {
        guard admits(node) else { return nil }
        guard let sequence = node.sequence else {
            report("\(what) must be a list", at: node.position)
            return nil
        }
        return Array(sequence)
    }
}
