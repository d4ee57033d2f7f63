import Yams

/// Reads one mapping strictly: each key that is asked for is known, and whatever is left over is an error.
package final class MappingReader {
    let context: ReadingContext
    /// Names the mapping in messages.
    let what: String
    package let position: Position
    /// Keys of a mapping that stands for a secret are not repeated: they may be the secret, put in braces by mistake.
    private let hidesKeys: Bool
    private var entries: [(key: Located<String>, value: Node)] = []
    private var known: [String] = []

    /// Nil, with an error reported, where the node is no mapping.
    init?(_ node: Node, what: String, context: ReadingContext, hidesKeys: Bool = false) {
        self.context = context
        self.what = what
        self.hidesKeys = hidesKeys
        position = node.position
        guard context.admits(node) else { return nil }
        guard case .mapping(let mapping) = node else {
            context.report("\(what) must be a mapping of keys to values", at: node.position)
            return nil
        }
        collect(mapping)
    }

    /// An empty mapping, for a file without any content.
    init(emptyAt position: Position, what: String, context: ReadingContext) {
        self.context = context
        self.what = what
        self.position = position
        hidesKeys = false
    }

    private func collect(_ mapping: Node.Mapping) {
        var first: [String: Position] = [:]
        for (key, value) in mapping {
            let position = key.position
            guard context.admits(key) else { continue }
            guard let name = context.name(ofKeyAt: position) ?? key.scalar?.string else {
                context.report("a key must be a plain word", at: position)
                continue
            }
            if let earlier = first[name] {
                let shown = hidesKeys ? "this key" : "'\(printable(name))'"
                context.report("\(shown) is given twice, first in line \(earlier.line); keep one", at: position)
                continue
            }
            first[name] = position
            entries.append((Located(name, position), value))
        }
    }

    /// The value of `key`, which is thereby known; nil where it is absent.
    func take(_ key: String) -> Node? {
        known.append(key)
        guard let index = entries.firstIndex(where: { $0.key.value == key }) else { return nil }
        return entries.remove(at: index).value
    }

    /// The same for a key that must be there.
    func require(_ key: String, _ hint: String) -> Node? {
        if let node = take(key) { return node }
        context.report("\(what) lacks '\(key)': \(hint)", at: position)
        return nil
    }

    /// Whether `key` is given and not taken yet.
    package func has(_ key: String) -> Bool { entries.contains { $0.key.value == key } }

    /// Those not taken yet, in the order of the file.
    var keys: [Located<String>] { entries.map(\.key) }

    /// Where `key` stands, or the mapping itself.
    package func position(of key: String) -> Position {
        entries.first { $0.key.value == key }?.key.position ?? position
    }

    /// Reports every key that nobody asked for. Call it last.
    func finish() {
        for (key, _) in entries {
            if hidesKeys {
                context.report(
                    "unknown key in \(what); known here: \(known.sorted().joined(separator: ", "))", at: key.position)
            } else {
                let clause = Suggestion.clause(for: key.value, among: known)
                context.report("unknown key '\(printable(key.value))' in \(what)\(clause)", at: key.position)
            }
        }
    }

    /// Short and on one line, whatever the file holds.
    private func printable(_ name: String) -> String {
        let shown = String(name.prefix(40)).unicodeScalars.map { $0.value < 32 || $0.value == 127 ? "?" : String($0) }
        return shown.joined() + (name.count > 40 ? "…" : "")
    }
}
