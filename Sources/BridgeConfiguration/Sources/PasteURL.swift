package import CallModel

/// A URL for the form of a provider that connects to us.
package struct PasteURL: Sendable, Hashable {
    package let source: SourceName
    /// Which of the source's URLs; nil where it has but one.
    package let label: String?
    /// Holds the secret that lets its sender in.
    package let url: Redacted<String>
}

extension Configuration {
    /// One URL for each hook that is listened to, in the order of the sources, with the hook's first secret. Those of a
    /// disabled source would be answered `404`.
    package var pasteURLs: [PasteURL] { sources.filter(\.isEnabled).flatMap(urls(of:)) }

    private func urls(of source: SourceConfiguration) -> [PasteURL] {
        guard let webhooks else { return [] }
        let base =
            webhooks.publicURL?.description
            ?? "\(webhooks.tls == nil ? "http" : "https")://\(webhooks.listen)"
        return source.provider.hooks.compactMap { hook in
            guard let secret = hook.secrets.first else { return nil }
            let query = hook.query.map { "?\($0)" } ?? ""
            let url = "\(base)/hooks/\(source.name)/\(secret.exposed)\(query)"
            return PasteURL(source: source.name, label: hook.label, url: Redacted(url))
        }
    }

    /// What a source tells its provider about where to reach us: the URL of its first hook. Nil where it tells nothing,
    /// and where nobody said under which address others reach us.
    package func hookURL(toTell source: SourceConfiguration) -> Redacted<String>? {
        guard source.provider.tellsItsURL, let webhooks, webhooks.publicURL != nil || webhooks.listen.isLoopback else {
            return nil
        }
        return urls(of: source).first?.url
    }
}
