/// A session of version 2: its tokens, what it has not fetched yet, and who waits for it.
struct OVHSession {
    /// Events kept between two polls; the oldest are lost beyond.
    static let retained = 4_096

    /// Twelve letters and digits, as in the public sample.
    let id = RandomText.alphanumeric(12)
    let creation: WallTime
    var tokens: Set<String> = []
    private var pending: [JSONValue] = []
    var waiters: [Exchange] = []

    init(creation: WallTime) {
        self.creation = creation
    }

    /// Reply to `POST /v2/session`: three RFC 3339 times with up to nine digits.
    var reply: JSONValue {
        .object([
            JSONMember("id", id), JSONMember("creation", creation.ovhSessionTime),
            JSONMember("lastUpdate", WallTime(nanoseconds: creation.nanoseconds + 311_550).ovhSessionTime),
            JSONMember("lastConnection", WallTime(nanoseconds: creation.nanoseconds + 3_461).ovhSessionTime),
        ])
    }

    mutating func publish(_ event: OVHEvent, token: String) {
        guard tokens.contains(token) else { return }
        if pending.count >= Self.retained { pending.removeFirst() }
        pending.append(event.versionTwo(token: token))
    }

    mutating func take() -> JSONValue? {
        guard !pending.isEmpty else { return nil }
        defer { pending = [] }
        return .array(pending)
    }
}
