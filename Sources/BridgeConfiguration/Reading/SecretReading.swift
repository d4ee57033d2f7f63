import CallModel
import Yams

/// What a secret must look like beyond being one line of text.
struct SecretRule: Sendable {
    let lengths: ClosedRange<Int>
    let admits: @Sendable (UInt8) -> Bool
    /// Completes "… must be".
    let words: String

    static let any = SecretRule(lengths: 1...SecretResolver.maximumBytes, admits: { _ in true }, words: "a text")
    /// An OVH token is a UUID in every sample; other forms are let through as long as a URL can carry them.
    static let token = SecretRule(
        lengths: 1...256, admits: CharacterSets.isVisible, words: "at most 256 visible ASCII characters, no blanks")
    /// A path segment: 16 characters of 64 kinds are 96 bits.
    static let pathSegment = SecretRule(
        lengths: 16...128, admits: CharacterSets.isURLSafe,
        words: "16 to 128 characters of A-Z a-z 0-9 _ -, so that it cannot be guessed and a URL carries it unchanged")
    static let bearer = SecretRule(
        lengths: 16...256, admits: CharacterSets.isVisible,
        words: "16 to 256 visible ASCII characters, so that it cannot be guessed")

    func accepts(_ secret: String) -> Bool {
        lengths.contains(secret.utf8.count) && secret.utf8.allSatisfy(admits)
    }
}

extension ReadingContext {
    static let secretHint = "{credential: name}, {file: /path} or {value: \"...\"}"

    /// `{credential: name}`, `{file: /path}` or `{value: "..."}`, resolved.
    func secret(_ node: Node, what: String, rule: SecretRule) -> Located<Redacted<String>>? {
        guard admits(node) else { return nil }
        guard case .mapping = node else {
            report("\(what) must be written \(Self.secretHint), not as it is", at: node.position)
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
            report("\(what) needs exactly one of \(Self.secretHint)", at: mapping.position)
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
