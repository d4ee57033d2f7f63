import CallModel

/// One thing a provider sends, with what it tells about which call of its story.
package struct Sent: Sendable {
    /// In ms after the start of the scenario, by a clock that is right.
    var at: Int64
    var source: SourceName
    var payload: Payload
    var tells: [(call: Int, meaning: Meaning)]
    /// How late it may come at most, and how long after it a repetition.
    var latest: Int64
    var repeatedWithin: Int64
    var canBeLost = true
    /// How much longer than others it is on the way, in ms, with nothing amiss: what it overtakes, nobody notices.
    var delay: Int64 = 0
    /// Whether it comes when it should.
    var isUndisturbed = false

    enum Payload: Sendable {
        /// One event of a poll of OVH: several that wait go into one reply.
        case ovh(event: String, isVersionTwo: Bool)
        /// One report of SFR DMC: several that wait go into one document.
        case dmc(report: String, medium: String, isJSON: Bool)
        case whole(Delivery.Kind, body: String, attributes: [String: String])
    }

    /// From the provider to its arrival here.
    private static let latency: Int64 = 150

    /// When it arrives where nothing goes wrong.
    var arrives: Int64 { at + Self.latency + delay }

    /// Only what waits at the provider survives while nobody listens.
    var waits: Bool {
        if case .ovh = payload { true } else { false }
    }
}

/// Something that goes wrong on the way of one delivery.
package enum Disturbance: Sendable, Equatable {
    case lost
    case late(Int64)
    case doubled(after: Int64)
}

/// A few calls that have to do with each other, and everything sent about them.
package struct Story: Sendable {
    package var kind: String
    package var calls: [TrueCall]
    package var sent: [Sent]
}
