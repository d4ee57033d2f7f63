package import CallModel

/// What the journal knows about the key of a placement.
package enum PlacementVerdict: Sendable, Hashable {
    /// The key is new, and now durably taken: the call may be placed.
    case new
    /// The key was taken before, for `call`. `sameRequest` is false where it stood for another request; `answer` is nil
    /// where none came although the provider was asked: it is still awaited, or was lost with the daemon.
    case known(call: CallID, sameRequest: Bool, answer: PlacementAnswer?)
}
