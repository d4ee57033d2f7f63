import CallModel
import Crypto
import Providers

/// The routes, with digests in the place of their secrets.
///
/// Every look-up hashes the given secret once and compares it, without stopping early, with the same number of
/// digests, whether or not the source exists: the time of a `404` tells nothing about which part was wrong.
struct WebhookTable: Sendable {
    private struct Key {
        let digest: [UInt8]
        /// What it opens; nil for one that only takes time.
        let route: WebhookRoute?
    }

    private let keys: [SourceName: [Key]]
    /// What a secret for an unknown source is compared with.
    private let decoys: [Key]

    /// A source may have several routes. Of two with the same secret the first one counts.
    init(_ routes: [WebhookRoute]) {
        let keys = Dictionary(grouping: routes, by: \.source).mapValues { routes in
            routes.flatMap { route in
                route.secrets.filter { !$0.exposed.isEmpty }
                    .map { Key(digest: Self.digest($0.exposed.utf8), route: route) }
            }
        }
        let width = max(keys.values.map(\.count).max() ?? 0, 1)
        func padded(_ keys: [Key]) -> [Key] {
            keys
                + (keys.count..<width).map { _ in
                    Key(digest: (0..<32).map { _ in UInt8.random(in: 0...255) }, route: nil)
                }
        }
        decoys = padded([])
        self.keys = keys.mapValues(padded)
    }

    /// The route that `path` (no query) opens; nil where any part of it is wrong.
    ///
    /// The secret may be percent-encoded in the path, as a provider's form may choose to send it, and one slash may
    /// stand behind it, as people and forms add it.
    func route(for path: Substring) -> WebhookRoute? {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 6, parts[5].isEmpty { parts.removeLast() }
        let isComplete = parts.count == 5 && parts[0].isEmpty && parts[1] == "hooks"
        let provider = ProviderID(rawValue: isComplete ? String(parts[2]) : "")
        let source = SourceName(provider: provider, name: isComplete ? String(parts[3]) : "")
        let given = Self.digest(percentDecodedBytes(Array((isComplete ? parts[4] : path).utf8)))
        var opened: WebhookRoute?
        for key in keys[source] ?? decoys {
            var difference: UInt8 = 0
            for (left, right) in zip(key.digest, given) { difference |= left ^ right }
            if difference == 0, opened == nil { opened = key.route }
        }
        return isComplete ? opened : nil
    }

    private static func digest(_ secret: some Sequence<UInt8>) -> [UInt8] {
        Array(SHA256.hash(data: Array(secret)))
    }
}
