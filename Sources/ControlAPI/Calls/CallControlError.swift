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
    /// The provider may have placed the call: no answer arrived, or one that tells nothing, as of a gateway. Never
    /// asked again. The text says what is known of the answer.
    case resultUnknown(call: CallID, because: String? = nil)
    /// The provider may have ended the call, likewise. Asking again does no harm.
    case endUnknown(call: CallID, because: String? = nil)
    /// No such call.
    case notFound
    /// The call's provider cannot hang up, or the call is over.
    case cannotHangUp
    /// The idempotency key was used before, for another request.
    case idempotencyConflict
    /// The same request waits for its turn at the provider, which was not asked yet.
    case waiting(call: CallID)
    /// Nothing was done, and the same request may come again.
    case unavailable(Obstacle)

    /// What kept an order from being passed on.
    package enum Obstacle: Sendable, Hashable {
        /// Nothing can be made durable.
        case journal
        case stopping
        /// The source was changed or removed while the order waited for its turn.
        case sourceChanged
        /// The provider, or what is known of the call, does not allow it now.
        case notNow
    }

    /// What is known of an answer that tells nothing.
    static func noAnswer(_ reason: String?) -> String {
        "the provider's answer is not known" + (reason.map { " (\($0))" } ?? "")
    }

    /// For logs: a provider likes to repeat the number that it refuses.
    package var description: String {
        switch self {
        case .unknownSource: "no such source"
        case .cannotPlace: "the source's provider cannot do this"
        case .invalid(let text): "invalid: \(maskedText(text))"
        case .refused(let status, let text):
            "the provider refused\(status.map { " with status \($0)" } ?? ""): \(maskedText(text))"
        case .unreachable(let text): "the provider could not be reached: \(maskedText(text))"
        case .resultUnknown(let call, let reason): "\(Self.noAnswer(reason.map(maskedText))); call \(call) may exist"
        case .endUnknown(let call, let reason): "\(Self.noAnswer(reason.map(maskedText))); call \(call) may be over"
        case .notFound: "no such call"
        case .cannotHangUp: "the call cannot be ended from here"
        case .idempotencyConflict: "the idempotency key was used for another request"
        case .waiting(let call): "the same request waits for its turn, as \(call)"
        case .unavailable(let obstacle): obstacle.description
        }
    }
}

extension CallControlError.Obstacle: CustomStringConvertible {
    /// Also for clients.
    package var description: String {
        switch self {
        case .journal: "nothing can be made durable right now"
        case .stopping: "the daemon is stopping"
        case .sourceChanged: "the source was changed or removed while this waited for its turn"
        case .notNow: "this is not possible right now"
        }
    }
}
