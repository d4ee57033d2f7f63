/// What one token has to say, and who waits for it (version 1).
///
/// The session a reply gives back is a place in this feed. A poll that sends it gets everything since; a poll without
/// it starts at the end, so what came between two such polls is lost (seen by public clients; the guide is silent).
struct OVHTokenFeed {
    /// Events kept for a session to come back to. How long OVH keeps them is not known.
    static let retained = 4_096

    struct Waiter {
        let exchange: Exchange
        let position: Int
    }

    private var generation = Self.freshGeneration()
    private var first = 0
    private var events: [OVHEvent] = []
    var waiters: [Waiter] = []

    var end: Int { first + events.count }

    /// The session to send with the next poll.
    /// - Parameter awkward: With characters that a client must percent-encode.
    func session(at position: Int, awkward: Bool) -> String {
        awkward ? "\(generation)+/=&\(position)" : "\(generation)-\(position)"
    }

    /// Where a session stands; nil if it is not of this feed, or was forgotten.
    func position(of session: String) -> Int? {
        guard session.hasPrefix(generation) else { return nil }
        let digits = session.dropFirst(generation.count).drop { !$0.isNumber }
        guard let position = Int(digits), position >= 0, position <= end else { return nil }
        return max(position, first)
    }

    func events(from position: Int) -> ArraySlice<OVHEvent> {
        events[max(0, position - first)...]
    }

    mutating func publish(_ event: OVHEvent) {
        if events.count >= 2 * Self.retained {
            events.removeFirst(Self.retained)
            first += Self.retained
        }
        events.append(event)
    }

    mutating func takeWaiters() -> [Waiter] {
        defer { waiters = [] }
        return waiters
    }

    /// Sessions given out before mean nothing any more.
    mutating func loseSessions() {
        generation = Self.freshGeneration()
    }

    private static func freshGeneration() -> String {
        RandomText.alphanumeric(12)
    }
}
