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
    private static let families = ["call.*", "queue.*", "message.*", "line.*", "source.*"]
    static let directions: [Direction] = [.inbound, .outbound, .internal, .unknown]

    /// - Parameter lastEventID: an `EventSource` that reconnects repeats its URL and says here how far it got; so this
    ///   wins over `after`, `since` and `snapshot`.
    static func read(
        _ text: String?, accept: String?, lastEventID: String?, now: Timestamp
    ) throws(Problem) -> EventsRequest {
        let query = try Query(text, allowed: parameters)
        if query["after"] != nil, query["since"] != nil {
            throw .invalidParameter("since", "cannot be combined with after: both say where to begin")
        }
        let snapshot = try query.flag("snapshot") ?? false
        let follow = try query.flag("follow") ?? true
        var request = EventsRequest(
            start: try start(query, now: now), filter: try filter(query), follow: follow, snapshot: snapshot,
            framing: LineFraming(accept: accept)
        )
        if let lastEventID {
            guard let cursor = Cursor(lastEventID) else {
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
            guard let cursor = Cursor(text) else {
                throw .invalidParameter("after", "must be a cursor or oldest", allowed: ["oldest", "<epoch>:<seq>"])
            }
            return .after(cursor)
        }
    }

    private static func filter(_ query: Query) throws(Problem) -> EventFilter {
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
        return EventFilter(
            types: types, source: query["source"], line: query["line"],
            direction: try query.one("direction", of: directions)
        )
    }
}
