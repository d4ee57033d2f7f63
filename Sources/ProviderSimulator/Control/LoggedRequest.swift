/// One request that the simulator received.
package struct LoggedRequest: Sendable {
    package let id: UInt64
    package let time: WallTime
    package let method: String
    /// Path and query as received. OVH tokens are in it: they open nothing but this simulator.
    package let target: String
    /// Nil for a path of no provider.
    package let provider: ProviderName?
    /// OVH token or session, VoIPGRID call id, Keyyo account.
    package let key: String?
    /// `Basic`, `Token`, `Digest`; the credentials are not kept.
    package let authorization: String?
    /// The first 4 096 characters.
    package let body: String
    /// Nil while unanswered, and for good if no answer was sent.
    package var status: Int?
    /// How long the request was open; nil while it is.
    package var heldMilliseconds: Int64?

    var json: JSONValue {
        .object([
            JSONMember("id", .integer(id)), JSONMember("time", time.utc), JSONMember("ms", .integer(time.milliseconds)),
            JSONMember("method", method), JSONMember("path", target),
            JSONMember("provider", provider.map { .string($0.rawValue) } ?? .null),
            JSONMember("key", key.map { .string($0) } ?? .null),
            JSONMember("authorization", authorization.map { .string($0) } ?? .null),
            JSONMember("body", body), JSONMember("status", status.map { .integer($0) } ?? .null),
            JSONMember("held_ms", heldMilliseconds.map { .integer($0) } ?? .null),
        ])
    }
}
