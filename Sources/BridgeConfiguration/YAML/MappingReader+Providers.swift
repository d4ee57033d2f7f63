package import CallModel

/// What the settings of a provider need beyond plain values.
extension MappingReader {
    /// Says what is wrong at a place in the file, and what to do about it. Never a secret.
    package func report(_ message: String, at position: Position) { context.report(message, at: position) }

    /// Makes `key` a known one without a look at its value: it is the alternative to another key.
    package func skip(_ key: String) { _ = take(key) }

    /// Reads the mapping under `key`, to its last key; nil where it is absent or no mapping.
    package func section<Value>(_ key: String, _ read: (MappingReader) -> Value) -> Value? {
        guard let node = take(key), let mapping = MappingReader(node, what: "'\(key)'", context: context) else {
            return nil
        }
        defer { mapping.finish() }
        return read(mapping)
    }

    /// The same for one that must be there; `hint` says what belongs into it.
    package func requiredSection<Value>(_ key: String, _ hint: String, _ read: (MappingReader) -> Value) -> Value? {
        guard has(key) else {
            _ = require(key, hint)
            return nil
        }
        return section(key, read)
    }

    /// A mapping whose keys are the file's own, in its order: at most 100, and each further one is an unknown key.
    /// Empty where there is none, or none that is right.
    package func table(_ key: String) -> [(name: Located<String>, value: Located<String>)] {
        section(key) { mapping in
            mapping.keys.prefix(100).compactMap { name in
                mapping.text(name.value).map { (name, $0) }
            }
        } ?? []
    }

    // MARK: - Hooks

    /// `secret` and `allow` of a provider that need not be pushed to: without `secret` nothing listens, and an address
    /// list for nothing is a mistake. Nil where a secret is given and none is right.
    package func optionalHook() -> (secrets: [Redacted<String>], allow: [AddressEntry])? {
        let isPushed = has("secret")
        if !isPushed, has("allow") {
            report("'allow' says who may send to us; give 'secret', too, or nobody can", at: position(of: "allow"))
        }
        let secrets = isPushed ? hookSecrets("secret") : []
        if !isPushed { skip("secret") }
        let allow = addresses("allow")
        return secrets.isEmpty == isPushed ? nil : (secrets, allow)
    }

    // MARK: - Secrets

    /// Nil where there is none, or none that can be read or fits the rule, which is reported.
    package func secret(_ key: String, _ rule: SecretRule) -> Located<Redacted<String>>? {
        take(key).flatMap { context.secret($0, what: "'\(key)'", rule: rule) }
    }

    /// The same for one that must be there; `hint` says how to write it.
    package func requiredSecret(
        _ key: String, _ rule: SecretRule, hint: String = SecretRule.hint
    ) -> Located<Redacted<String>>? {
        require(key, hint).flatMap { context.secret($0, what: "'\(key)'", rule: rule) }
    }

    /// A list of secrets, no two alike.
    package func secretList(_ key: String, _ rule: SecretRule, atMost limit: Int) -> [Located<Redacted<String>>] {
        guard let node = require(key, "a list of \(SecretRule.hint)"),
            context.list(node, what: "'\(key)'") != nil
        else { return [] }
        return context.secrets(node, what: "'\(key)'", rule: rule, atMost: limit)
    }

    /// The path segments that open a hook: one, or up to 4 during a rotation. Empty where none is right.
    package func hookSecrets(_ key: String) -> [Redacted<String>] {
        require(key, "\(SecretRule.hint), or a list of up to 4 of them")
            .map { context.secrets($0, what: "'\(key)'", rule: .pathSegment, atMost: 4) }?.map(\.value) ?? []
    }

    /// Reports those credentials that an earlier source of the provider has too, where no two sources may share one.
    ///
    /// - Parameters:
    ///   - word: what the provider calls such a credential.
    ///   - consequence: what would happen otherwise.
    package func claim(
        _ credentials: [Located<Redacted<String>>], of provider: ProviderID, _ word: String,
        otherwise consequence: String
    ) {
        for credential in credentials {
            guard let earlier = context.claim(credential, of: provider) else { continue }
            report("the same \(word) as in line \(earlier.line); \(consequence)", at: credential.position)
        }
    }
}
