import CallModel

/// What `GET /v1/events` asks for.
struct EventsRequest: Sendable, Hashable {
    enum Start: Sendable, Hashable {
        /// Only what comes from now on.
        case live
        case after(Cursor)
        /// Everything that is kept.
        case oldest
        /// Everything observed at that time or later.
        case since(Timestamp)
    }

    var start: Start
    var filter: EventFilter
    var follow: Bool
    var snapshot: Bool
    var framing: LineFraming

    static let parameters = [
        "after", "since", "types", "source", "line", "direction", "follow", "snapshot",
    ]
    /// Longer names of lines no provider has.
    static let maximumLineLength = 128
    private static let families = ["call.*", "queue.*", "message.*", "line.*", "source.*"]
    static let directions: [Direction] = [.inbound, .outbound, .internal, .unknown]

    /// - Parameters:
    ///   - lastEventID: an `EventSource` that reconnects repeats its URL and says here how far it got; so this wins
    ///     over `after`, `since` and `snapshot`.
    ///   - plans: by which a national number is understood.
    static func read(
        _ text: String?, accept: String?, lastEventID: String?, now: Timestamp, plans: [NumberPlan] = []
    ) throws(Problem) -> EventsRequest {
        let query = try Query(text, allowed: parameters)
        if query["after"] != nil, query["since"] != nil {
            throw .invalidParameter("since", "cannot be combined with after: both say where to begin")
        }
        let snapshot = try query.flag("snapshot") ?? false
        let follow = try query.flag("follow") ?? true
        var request = EventsRequest(
            start: try start(query, now: now), filter: try filter(query, plans), follow: follow, snapshot: snapshot,
            framing: LineFraming(accept: accept)
        )
        if let lastEventID {
            guard let cursor = Cursor(given: lastEventID) else {
                throw .invalidParameter("Last-Event-ID", "is not a cursor (epoch:seq)")
            }
            request.start = .after(cursor)
            request.snapshot = false
        } else if snapshot, request.start != .live {
            throw .invalidParameter(
                "snapshot", "shows the calls as they are now, so it cannot be combined with after or since"
            )
        }
        return request
    }

    private static func start(_ query: Query, now: Timestamp) throws(Problem) -> Start {
        if let time = try query.time("since", now: now) { return .since(time) }
        switch query["after"] {
        case nil: return .live
        case "oldest": return .oldest
        case .some(let text):
            guard let cursor = Cursor(given: text) else {
                throw .invalidParameter("after", "must be a cursor or oldest", allowed: ["oldest", "<epoch>:<seq>"])
            }
            return .after(cursor)
        }
    }

    private static func filter(_ query: Query, _ plans: [NumberPlan]) throws(Problem) -> EventFilter {
        var types: [String] = []
        for type in (query["types"] ?? "").split(separator: ",", omittingEmptySubsequences: query["types"] == nil) {
            guard EventFilter.isKnown(pattern: String(type)) else {
                throw .invalidParameter(
                    "types", "\"\(type.prefix(64))\" names no type of event",
                    allowed: EventType.allCases.map(\.rawValue) + families
                )
            }
            types.append(String(type))
        }
        // A line that has had no call yet is one, and a provider may call it as it likes: only what nobody does is
        // refused.
        if let line = query["line"],
            line.count > maximumLineLength || line.allSatisfy(\.isWhitespace)
                || line.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
        {
            throw .invalidParameter(
                "line",
                "a line has a number or a name of at most \(maximumLineLength) characters, none of them a control")
        }
        return EventFilter(
            types: types, source: query["source"], line: query["line"],
            direction: try query.one("direction", of: directions)
        ).spelled(by: plans)
    }
}

extension Cursor {
    /// As a client gives it. What no journal ever named so is a mistake, and not the cursor of another journal.
    fileprivate init?(given text: String) {
        let digits = "0123456789".utf8
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")),
            text.utf8[..<colon].allSatisfy({ digits.contains($0) || "abcdef".utf8.contains($0) }),
            text.utf8[colon...].dropFirst().allSatisfy(digits.contains)
        else { return nil }
        self.init(text)
    }
}
