/// One notification that the simulator sent.
package struct LoggedNotification: Sendable {
    package let time: WallTime
    package let account: String
    package let type: String
    package let target: String
    /// Nil until answered.
    package var status: Int?
    /// Why there was no answer.
    package var problem: String?

    var json: JSONValue {
        .object([
            JSONMember("time", time.utc), JSONMember("ms", .integer(time.milliseconds)),
            JSONMember("account", account), JSONMember("type", type), JSONMember("path", target),
            JSONMember("status", status.map { .integer($0) } ?? .null),
            JSONMember("problem", problem.map { .string($0) } ?? .null),
        ])
    }
}
