import CallModel
import Yams

extension ReadingContext {
    /// `{credential: name}`, `{file: /path}` or `{value: "..."}`, resolved.
    func secret(_ node: Node, what: String, rule: SecretRule) -> Located<Redacted<String>>? {
        guard admits(node) else { return nil }
        guard case .mapping = node else {
            report("\(what) must be written \(SecretRule.hint), not as it is", at: node.position)
            return nil
        }
        guard let mapping = MappingReader(node, what: what, context: self, hidesKeys: true) else { return nil }
        defer { mapping.finish() }
        return secret(in: mapping, what: what, rule: rule)
    }

    /// The same for a mapping that has other keys too.
    func secret(in mapping: MappingReader, what: String, rule: SecretRule) -> Located<Redacted<String>>? {
        let keys = ["credential", "file", "value"]
        let given = keys.filter(mapping.has)
        guard given.count == 1, let key = given.first else {
            keys.forEach { _ = mapping.take($0) }
            report("\(what) needs exactly one of \(SecretRule.hint)", at: mapping.position)
            return nil
        }
        let position = mapping.position(of: key)
        var written: Located<String>?
        for candidate in keys {
            guard let node = mapping.take(candidate) else { continue }
            written = text(node, what: candidate == "value" ? "the secret" : "'\(candidate)'")
        }
        guard let written else { return nil }
        do {
            let secret =
                switch key {
                case "credential": try secrets.secret(ofCredential: written.value)
                case "file": try secrets.secret(inFile: written.value)
                default: try secrets.secret(inConfiguration: written.value)
                }
            guard rule.accepts(secret) else {
                report("\(what) must be \(rule.words)", at: position)
                return nil
            }
            return Located(Redacted(secret), position)
        } catch {
            report("\(what): \(error.message)", at: position)
            return nil
        }
    }

    /// One secret, or a list of them without repetition.
    func secrets(_ node: Node, what: String, rule: SecretRule, atMost limit: Int) -> [Located<Redacted<String>>] {
        guard case .sequence = node else {
            return secret(node, what: what, rule: rule).map { [$0] } ?? []
        }
        guard let items = list(node, what: what) else { return [] }
        guard (1...limit).contains(items.count) else {
            report("\(what) must hold 1 to \(limit) entries; it holds \(items.count)", at: node.position)
            return []
        }
        var known: [Redacted<String>: Position] = [:]
        return items.compactMap { item in
            guard let found = secret(item, what: "an entry of \(what)", rule: rule) else { return nil }
            if let earlier = known[found.value] {
                report("the same secret as in line \(earlier.line); keep one", at: found.position)
                return nil
            }
            known[found.value] = found.position
            return found
        }
    }
}
