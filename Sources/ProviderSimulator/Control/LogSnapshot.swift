/// What happened so far: the answer to `GET /control/log`.
package struct LogSnapshot: Sendable {
    /// The newest 20 000, oldest first; requests to the control port are not among them.
    package var requests: [LoggedRequest] = []
    /// The newest 20 000, oldest first.
    package var notifications: [LoggedNotification] = []
    /// By provider, then by token, session, call id or account. Bound: 50 000 keys a provider.
    package var counts: [ProviderName: [String: RequestCount]] = [:]
    /// Every request, also those no longer listed.
    package var total = 0

    /// Zeros for a key that nobody asked about.
    package func count(_ provider: ProviderName, _ key: String) -> RequestCount {
        counts[provider]?[key] ?? RequestCount()
    }

    var json: JSONValue {
        .object([
            JSONMember("total", .integer(total)),
            JSONMember("requests", .array(requests.map(\.json))),
            JSONMember("notifications", .array(notifications.map(\.json))),
            JSONMember(
                "counts",
                .object(
                    ProviderName.allCases.map { provider in
                        let keys = (counts[provider] ?? [:]).sorted { $0.key < $1.key }
                        return JSONMember(provider.rawValue, .object(keys.map { JSONMember($0.key, $0.value.json) }))
                    })),
        ])
    }
}
