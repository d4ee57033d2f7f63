/// How long the tracker waits and how much it holds.
package struct TrackerLimits: Sendable, Hashable {
    /// From the end of a call to its summary: what a neighbouring line or a late notification may still change.
    package var settle: Span
    /// How long a call may stay in this state before it is ended as lost; so the next two, each for its own.
    package var maxInitiated: Span
    package var maxRinging: Span
    package var maxQueued: Span
    /// Also for `held`.
    package var maxConnected: Span
    /// An id seen again longer than this after the end of its call is a new call (Keyyo documents nothing; 10 min is
    /// ours).
    package var forget: Span
    /// A call whose end was never told is remembered longer, so that a real end can still put it right. After `forget`
    /// only its names are, and a beginning under one of them is another call.
    package var forgetLost: Span
    /// How long after a placed call a notification for the same two numbers is taken to be about it.
    package var placementMatch: Span
    /// Calls held at once, ended ones included until they are forgotten. Those that are over and told make room, the
    /// ones first that would be forgotten first, then the open ones that are due next; a sixteenth at once.
    package var maximumCalls: Int

    package init(
        settle: Span = .seconds(2), maxInitiated: Span = .minutes(2), maxRinging: Span = .minutes(3),
        maxQueued: Span = .hours(1), maxConnected: Span = .hours(12), forget: Span = .minutes(10),
        forgetLost: Span = .hours(24), placementMatch: Span = .minutes(1), maximumCalls: Int = 50_000
    ) {
        self.settle = settle
        self.maxInitiated = maxInitiated
        self.maxRinging = maxRinging
        self.maxQueued = maxQueued
        self.maxConnected = maxConnected
        self.forget = forget
        self.forgetLost = forgetLost
        self.placementMatch = placementMatch
        self.maximumCalls = maximumCalls
    }

    /// How much longer than others a call is remembered whose end was never told.
    var rest: Span { Span(milliseconds: max(0, forgetLost.milliseconds - forget.milliseconds)) }

    func deadline(in state: CallState) -> Span {
        switch state {
        case .initiated: maxInitiated
        case .queued: maxQueued
        case .ringing: maxRinging
        case .connected, .held: maxConnected
        case .ended: settle
        }
    }
}
