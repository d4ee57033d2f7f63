package import CallModel

/// A URL for the form of a provider that connects to us.
package struct PasteURL: Sendable, Hashable {
    package let source: SourceName
    /// Holds the secret that lets its sender in.
    package let url: Redacted<String>
}

extension Configuration {
    /// One URL for each source that is pushed to, in order, with that source's first secret.
    package var pasteURLs: [PasteURL] {
        guard let webhooks else { return [] }
        let base =
            webhooks.publicURL?.description
            ?? "\(webhooks.tls == nil ? "http" : "https")://\(webhooks.listen)"
        return sources.compactMap { source in
            guard case .keyyo(let keyyo) = source.provider, let secret = keyyo.secrets.first else { return nil }
            // Keyyo, CTI guide 1.5: the keywords in the URL are replaced by Keyyo.
            let url =
                "\(base)/hooks/keyyo/\(source.name.name)/\(secret.exposed)?\(keyyo.parameters.queryTemplate)"
            return PasteURL(source: source.name, url: Redacted(url))
        }
    }
}
