package import CallModel

/// What the API can have done to calls. Implemented by the daemon.
package protocol CallControl: Sendable {
    /// Asks the provider for a new call and returns once the provider has agreed.
    ///
    /// The request is durable before the provider is asked, and the provider is asked once: where the answer is lost,
    /// this throws `resultUnknown`. The same idempotency key with the same request gives the answer it gave before.
    func place(_ request: PlaceRequest) async throws(CallControlError) -> PlaceAnswer

    /// Follows a call that somebody else placed, by the id the provider gave it, and returns our id for it.
    func track(source: SourceName, callid: String) async throws(CallControlError) -> CallID

    /// Asks the provider to end the call; returns once the provider has agreed.
    func hangUp(_ call: CallID) async throws(CallControlError)

    /// The source of the request that `key` stands for, also where it runs no more; nil where the key is free.
    func source(ofRequestWith key: String) async throws(CallControlError) -> SourceName?
}
