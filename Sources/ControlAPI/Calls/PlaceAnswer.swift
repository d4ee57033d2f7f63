package import CallModel

/// The answer to a `PlaceRequest` that the provider has agreed to.
package struct PlaceAnswer: Sendable, Hashable {
    /// The id under which the stream tells the call.
    package var call: CallID
    /// The keys of the request that this provider cannot be told, in order.
    package var ignored: [String]

    package init(_ call: CallID, ignored: [String] = []) {
        self.call = call
        self.ignored = ignored
    }
}
