package import CallModel

/// Why something could not be done to a call. Each case has one problem document; see `Problem(_:)`.
package enum CallControlError: Error, Sendable, Hashable, CustomStringConvertible {
    /// No source of that name is configured.
    case unknownSource
    /// The source's provider cannot do this (place a call, or follow one).
    case cannotPlace
    /// The request makes no sense to the source: a number it cannot dial. The text is for the caller; no full number.
    case invalid(String)
    /// The provider said no. `status` is that of its reply, where there was one.
    case refused(status: Int?, text: String)
    /// The provider could not be asked. The text says why.
    case unreachable(String)
    /// The provider may have placed the call: the answer did not arrive. Never asked again.
    case resultUnknown(call: CallID)
    /// The provider may have ended the call: the answer did not arrive. Asking again does no harm.
    case endUnknown(call: CallID)
    /// No such call.
    case notFound
    /// The call's provider cannot hang up, or the call is over.
    case cannotHangUp
    /// The idempotency key was used before, for another request.
    case idempotencyConflict
    /// The journal cannot be written, too much is waiting, or the daemon is stopping.
    case unavailable

    /// For logs: a provider likes to repeat the number that it refuses.
    package var description: String {
        switch self {
        case .unknownSource: "no such source"
        case .cannotPlace: "the source's provider cannot do this"
        case .invalid(let text): "invalid: \(maskedText(text))"
        case .refused(let status, let text):
            "the provider refused\(status.map { " with status \($0)" } ?? ""): \(maskedText(text))"
        case .unreachable(let text): "the provider could not be reached: \(maskedText(text))"
        case .resultUnknown(let call): "the provider's answer did not arrive; call \(call) may exist"
        case .endUnknown(let call): "the provider's answer did not arrive; call \(call) may be over"
        case .notFound: "no such call"
        case .cannotHangUp: "the call cannot be ended from here"
        case .idempotencyConflict: "the idempotency key was used for another request"
        case .unavailable: "not possible right now"
        }
    }
}
