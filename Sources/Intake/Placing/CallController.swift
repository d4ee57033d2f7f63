package import CallModel

/// Something through which calls that exist already can be controlled. Calls go by the provider's own ids here.
package protocol CallController: Sendable {
    /// Follows a call that somebody else placed, as a call of ours with the id `call` unless it is known already.
    ///
    /// Durable before it returns. `unsupported` by default, for a provider whose calls can only be hung up.
    func track(_ providerCall: String, as call: CallID) async -> TrackResult

    /// Goes on following an open call of ours, in whichever way it became known; nothing happens where it is followed.
    ///
    /// By default nothing: most providers tell of their calls without being asked about each.
    func follow(_ providerCall: String)

    /// Asks the provider, once, to end a call.
    func hangUp(_ providerCall: String) async -> HangUpResult
}

extension CallController {
    package func track(_ providerCall: String, as call: CallID) async -> TrackResult { .unsupported }

    package func follow(_ providerCall: String) {}
}

/// What became of a request to follow a call.
package enum TrackResult: Sendable, Equatable {
    /// Under this id, which is another than was asked for where the call was known.
    case tracked(CallID)
    /// It cannot be kept, or too many are followed: worth another try later.
    case notNow
    /// Calls of this provider cannot be followed by their ids.
    case unsupported
}

/// How a provider answered our request to end a call.
package enum HangUpResult: Sendable, Equatable {
    case agreed
    /// The provider does not know the call, or no longer.
    case gone
    case refused(status: Int?, text: String)
    /// It cannot have been asked. The text says why.
    case unreachable(String)
    /// No answer, or none that can be understood: the call may be over or go on. The text says why.
    case unknown(String)

    /// The daemon stopped while it was being written down: an end that the stream will not tell is not promised.
    static let notWritten = "the answer could not be written down"
}
