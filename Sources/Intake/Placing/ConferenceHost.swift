package import CallModel
package import Providers

/// A conference somebody wants from one source.
package struct ConferenceOrder: Sendable, Hashable {
    /// What it was claimed as durably before the provider is asked.
    package var claim: CallID
    package var conference: OrangeConference

    package init(claim: CallID, conference: OrangeConference) {
        self.claim = claim
        self.conference = conference
    }
}

/// Something that holds conferences. The provider is asked at most once for each thing, and whatever becomes of it is
/// durable before the answer is given.
package protocol ConferenceHost: Sendable {
    /// Under the provider's name of the conference, where there is one now.
    func createConference(_ order: ConferenceOrder) async -> PlacedCall

    /// Lets these numbers dial in.
    func addCallers(_ numbers: [String], to conference: String) async -> PlacementResult

    /// Calls one guest; `order.to` is his number.
    func callGuest(_ order: PlacementOrder, into conference: String) async -> PlacedCall
}
