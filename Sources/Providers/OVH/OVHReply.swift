import CallModel

/// A reply to a poll, of whichever shape.
package struct OVHReply: Sendable, Equatable {
    /// Version 1's cursor: to be sent back with the next poll. Nil where the reply has none.
    package var session: String?
    /// In the order of the reply; empty in an idle one.
    package var events: [OVHEvent]

    /// Nil where the body is not JSON, or a text, or an object that is neither an envelope nor an event: an error in
    /// JSON is no idle reply.
    package init?(_ body: [UInt8]) {
        guard let json = JSONValue.read(body) else { return nil }
        switch json {
        case .array(let items): events = items.map(OVHEvent.init)
        case .object(let object):
            let top = Self.lowercased(object)
            session = top["session"]?.text
            if let items = top["events"]?.array {
                events = items.map(OVHEvent.init)
            } else if top["event"] != nil || top["data"] != nil {
                events = [OVHEvent(json)]
            } else if object.isEmpty || top["events"] != nil || session != nil {
                events = []
            } else {
                return nil
            }
        case .string(let text):
            guard text.isEmpty || Self.isTimeout(text) else { return nil }
            events = []
        default: events = []
        }
    }

    /// What version 2 says at the end of a poll without events: it is no event, and nothing is wrong.
    static func isTimeout(_ text: some StringProtocol) -> Bool {
        text.lowercased().split(whereSeparator: \.isWhitespace) == ["timeout,", "please", "reconnect"]
    }

    /// Where a key comes in both cases, the capitalised one counts, so that every run reads the same.
    static func lowercased(_ object: [String: JSONValue]) -> [String: JSONValue] {
        let inOrder = object.sorted { $0.key < $1.key }
        return Dictionary(inOrder.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
    }
}

/// One event: the top fields by lower-case key, `Data` by its own keys.
package struct OVHEvent: Sendable, Equatable {
    let top: [String: JSONValue]
    let data: [String: JSONValue]

    enum Kind {
        case line
        case queue
        case other(String)
    }

    /// Anything but an object gives an event without a name, which is then told as not understood.
    init(_ json: JSONValue) {
        top = OVHReply.lowercased(json.object ?? [:])
        data = top["data"]?.object ?? [:]
    }

    /// The event's name: `Data.Event` on lines, `Data.Action` on queues, and the same on top.
    var word: String? { data["Action"]?.text ?? data["Event"]?.text ?? top["event"]?.text }

    var kind: Kind {
        let service = top["service"]?.text?.lowercased()
        if service == "queues" || (service == nil && data["Action"]?.text != nil) { return .queue }
        if service == "sip" || service == "mgcp" || service == nil { return .line }
        return .other("service \(service ?? ""), event \(word ?? "none")")
    }

    subscript(_ field: String) -> String? { data[field]?.text }

    /// OVH's number that the event is about (spelled `Ressource` in both versions).
    var resource: String? { top["ressource"]?.text ?? top["resource"]?.text }

    /// `Ts` in seconds (number or string), else `TsGet`, else `Timestamp` (nanoseconds, above 2^53: never a Double),
    /// else `Date` where its zone is CET or CEST. `DateStart` is on no wire and never read.
    var time: Timestamp? {
        if let milliseconds = data["Ts"]?.secondsInMilliseconds { return Timestamp(milliseconds: milliseconds) }
        for value in [data["TsGet"], top["timestamp"]] {
            if let nanoseconds = value?.int64, nanoseconds > 0 {
                return Timestamp(milliseconds: nanoseconds / 1_000_000)
            }
        }
        return top["date"]?.text.flatMap(Self.time(ofDate:))
    }

    /// A time field of a queue: whole seconds since the epoch.
    func time(_ field: String) -> Timestamp? {
        data[field]?.secondsInMilliseconds.map(Timestamp.init(milliseconds:))
    }

    /// `2015-03-05T12:24:30.255954 (CET)`: local time with the zone's name behind it.
    static func time(ofDate text: String) -> Timestamp? {
        let parts = text.split(separator: " ")
        guard parts.count == 2 else { return nil }
        switch parts[1] {
        case "(CET)": return Timestamp(rfc3339: parts[0] + "+01:00")
        case "(CEST)": return Timestamp(rfc3339: parts[0] + "+02:00")
        default: return nil
        }
    }
}
