package import Providers

/// A conference somebody wants from one source.
package struct ConferenceOrder: Sendable, Hashable {
    package var conference: OrangeConference
    /// What the client called its request; the same again gives the conference there is.
    package var key: String?

    package init(conference: OrangeConference, key: String? = nil) {
        self.conference = conference
        self.key = key
    }
}

/// Something that holds conferences. The provider is asked at most once for each thing, and whatever becomes of it is
/// durable before the answer is given.
package protocol ConferenceHost: Sendable {
    /// The provider's name of the conference, where there is one now.
    func createConference(_ order: ConferenceOrder) async -> (result: PlacementResult, conference: String?)

    /// Lets these numbers dial in.
    func addCallers(_ numbers: [String], to conference: String) async -> PlacementResult

    /// Calls one guest; `order.to` is his number.
    func callGuest(_ order: PlacementOrder, into conference: String) async -> PlacedCall
}
