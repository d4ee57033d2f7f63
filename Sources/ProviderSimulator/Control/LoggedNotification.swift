/// One notification that the simulator sent.
package struct LoggedNotification: Sendable {
    package let time: WallTime
    package let provider: ProviderName
    /// Line, service id or sender.
    package let account: String
    package let type: String
    package let method: String
    /// Path and query as they were sent.
    package let target: String
    /// The first 4 096 bytes, as UTF-8 where they are.
    package let body: String
    /// Nil until answered.
    package var status: Int?
    /// Why there was no answer.
    package var problem: String?

    var json: JSONValue {
        .object([
            JSONMember("time", time.utc), JSONMember("ms", .integer(time.milliseconds)),
            JSONMember("provider", provider.rawValue), JSONMember("account", account), JSONMember("type", type),
            JSONMember("method", method), JSONMember("path", target), JSONMember("body", body),
            JSONMember("status", status.map { .integer($0) } ?? .null),
            JSONMember("problem", problem.map { .string($0) } ?? .null),
        ])
    }
}
