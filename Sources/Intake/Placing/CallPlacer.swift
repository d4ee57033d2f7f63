package import CallModel
package import Providers

/// A call somebody wants from one source.
package struct PlacementOrder: Sendable, Hashable {
    /// Our id of the call, claimed durably before the provider is asked.
    package var call: CallID
    /// Whom to call, as the client wrote it. `from`, too.
    package var to: String
    /// Nil: the source's own number, or the provider's choice.
    package var from: String?
    /// To be shown on the telephone (Keyyo `CALLEE_NAME`); left out where the placer's `passesOn` lacks it. So is
    /// `autoAnswer`.
    package var name: String?
    /// Whether our telephone picks up by itself; nil: as it is set.
    package var autoAnswer: Bool?

    package init(call: CallID, to: String, from: String? = nil, name: String? = nil, autoAnswer: Bool? = nil) {
        self.call = call
        self.to = to
        self.from = from
        self.name = name
        self.autoAnswer = autoAnswer
    }
}

/// What an order may ask for besides the call, by its name in the API.
package enum PlacementWish: String, Sendable, CaseIterable {
    case name
    case autoAnswer = "auto_answer"
}

extension PlacementOrder {
    /// What it asks for besides the call. Not to pick up by itself is what a phone does anyway.
    package var wishes: Set<PlacementWish> {
        var wishes: Set<PlacementWish> = []
        if name != nil { wishes.insert(.name) }
        if autoAnswer == true { wishes.insert(.autoAnswer) }
        return wishes
    }
}

/// What became of an order.
package struct PlacedCall: Sendable, Equatable {
    package var result: PlacementResult
    /// The id under which the call is known: another than was asked for where a notification of it was faster than the
    /// provider's answer.
    package var call: CallID
    /// Whether it is written down. False where the daemon is stopping: the stream never heard of it, and only the next
    /// run tells it.
    package var isDurable: Bool

    package init(_ result: PlacementResult, _ call: CallID, isDurable: Bool) {
        self.result = result
        self.call = call
        self.isDurable = isDurable
    }

    /// What whoever asked may be told: nothing is promised that the stream will not keep. A plain no needs no keeping.
    package var answer: PlacementResult {
        guard !isDurable else { return result }
        switch result {
        case .accepted: return .unknown("the answer could not be written down")
        case .refused, .comeBackLater, .unfit, .unreachable, .unknown: return result
        }
    }

    /// What the same request again is to be told; nil where that is not known, and the next run has to tell the call.
    package var settlement: PlacementResult? {
        if case .unknown = answer, !isDurable { return nil }
        return result
    }
}

/// Something through which calls can be placed. The provider is asked at most once for a call, and whatever becomes of
/// it is durable before `place` returns, or the answer says that it is not.
package protocol CallPlacer: Sendable {
    /// What its provider can be told. Of any other wish whoever asks is told that it is left out: a call is worth more
    /// than the name on a display.
    var passesOn: Set<PlacementWish> { get }

    func place(_ order: PlacementOrder) async -> PlacedCall

    /// The telephone that an order calls from, where it names `from`; nil: the provider chooses it. Told of a call
    /// whose answer was lost in a crash.
    func origin(_ from: String?) -> String?

    /// The source was changed or removed: orders that wait here are not placed any more.
    func retire()
}

/// How far an order is that may have to wait.
package enum OrderStage: Sendable, Hashable {
    /// It waits for its turn, for the first time or because the provider said to come back later: nobody was asked.
    case waiting
    /// The provider is asked now.
    case asking
}

/// A placer whose orders wait for their turn, so that some of them may never be asked for.
package protocol QueueingPlacer: CallPlacer {
    /// - Parameter note: writes the stage down. The provider is asked only where it says that it has.
    func place(_ order: PlacementOrder, note: @Sendable (OrderStage) async -> Bool) async -> PlacedCall

    /// Whether it was told that its source was changed or removed.
    var isRetired: Bool { get }
}

extension QueueingPlacer {
    package func place(_ order: PlacementOrder) async -> PlacedCall { await place(order, note: { _ in true }) }
}

extension CallPlacer {
    package func origin(_ from: String?) -> String? { from }

    package func retire() {}
}
