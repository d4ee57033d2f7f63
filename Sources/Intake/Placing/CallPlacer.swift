package import CallModel
package import Providers

/// A call somebody wants from one source.
package struct PlacementOrder: Sendable, Hashable {
    /// Our id of the call, claimed durably before the provider is asked.
    package var call: CallID
    package var to: String
    package var from: String?
    package var name: String?
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

    package init(_ result: PlacementResult, _ call: CallID) {
        self.result = result
        self.call = call
    }
}

/// Something through which calls can be placed. The provider is asked at most once for a call, and whatever becomes of
/// it is durable before `place` returns.
package protocol CallPlacer: Sendable {
    /// What its provider can be told. Of any other wish whoever asks is told that it is left out: a call is worth more
    /// than the name on a display.
    var passesOn: Set<PlacementWish> { get }

    func place(_ order: PlacementOrder) async -> PlacedCall
}
