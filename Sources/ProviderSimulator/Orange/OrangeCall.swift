/// A call, a guest's call or a message that was accepted.
struct OrangeCall: Identifiable, Sendable {
    enum Kind: Sendable {
        case call
        case guest(conference: String)
        case message
    }

    let id: String
    let number: String
    let kind: Kind
    let start: ContinuousClock.Instant
    /// Where a guest's states are told.
    let target: PushTarget?
    let extra: [JSONMember]
    var isReleased = false
    /// The last state told.
    var told: String?

    func notice(_ state: String) -> OrangeNotice? {
        guard case .guest(let conference) = kind, let target else { return nil }
        return OrangeNotice(
            target: target, call: id, conference: conference, number: number, state: state, extra: extra)
    }

    /// The word of `getHistory`, which no document shows.
    func state(at now: ContinuousClock.Instant, speed: Double) -> String {
        switch kind {
        case .message: (now - start) * speed < .seconds(3) ? "sent" : "received"
        case .call, .guest: isReleased ? "released" : told ?? "accepted"
        }
    }
}
