/// How often a token, session, call or account was asked about.
package struct RequestCount: Sendable, Equatable {
    package var total = 0
    /// Unanswered now.
    package var open = 0
    /// The most that were ever unanswered at once: 1 for a client that polls as it should.
    package var mostOpen = 0
    package var byMethod: [String: Int] = [:]

    var json: JSONValue {
        .object([
            JSONMember("total", .integer(total)), JSONMember("open", .integer(open)),
            JSONMember("most_open", .integer(mostOpen)),
            JSONMember(
                "methods",
                .object(byMethod.sorted { $0.key < $1.key }.map { JSONMember($0.key, .integer($0.value)) })),
        ])
    }
}
