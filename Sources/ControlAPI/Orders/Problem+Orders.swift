import CallModel
import HTTPTypes

/// What each `CallControlError` looks like to a client that ordered something other than a call.
extension Problem {
    init(_ error: CallControlError, ordering route: OrderRoute, sources: [SourceName]) {
        self.init(error, sources: sources)
        switch error {
        case .cannotPlace: detail = "this source's provider has no conferences, or sends no texts, from here"
        case .invalid:
            kind = "invalid-order"
            title = "This cannot be ordered as asked"
        case .resultUnknown(let id, let reason):
            detail =
                "\(CallControlError.noAnswer(reason)): what was ordered may have been done. It was not tried again"
            headers = [:]
            members = route == .sendMessage ? [("id", .text(id.rawValue))] : []
        case .idempotencyConflict: detail = "this Idempotency-Key stands for another request; use a new key"
        case .unavailable(let obstacle): self = .unavailable("\(obstacle), so nothing is ordered; try again")
        case .unknownSource, .refused, .unreachable, .endUnknown, .notFound, .cannotHangUp, .waiting: break
        }
    }
}
