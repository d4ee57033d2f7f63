package import CallModel

/// What the API can order besides calls, where a source's provider has it: conferences and texts. Implemented by the
/// daemon.
package protocol OrderControl: Sendable {
    /// The provider's name of the new conference.
    func createConference(_ request: ConferenceRequest) async throws(CallControlError) -> String

    /// Lets these numbers dial into a conference.
    func addCallers(_ request: GuestsRequest) async throws(CallControlError)

    /// Calls each guest; one that is refused does not keep the others from being called. In the order of the request.
    func callGuests(_ request: GuestsRequest) async throws(CallControlError) -> [GuestCall]

    /// Our id of the message, once the provider has taken it.
    func sendMessage(_ request: MessageRequest) async throws(CallControlError) -> String

    /// As of `CallControl`.
    func source(ofRequestWith key: String) async throws(CallControlError) -> SourceName?
}

/// What came of the call to one guest.
package struct GuestCall: Sendable, Hashable {
    /// As the client wrote it.
    package var to: String
    package var call: CallID
    /// Nil: the provider has accepted.
    package var error: CallControlError?

    package init(to: String, call: CallID, error: CallControlError? = nil) {
        self.to = to
        self.call = call
        self.error = error
    }
}
