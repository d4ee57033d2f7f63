import CallModel
import HTTPTypes

/// What each `CallControlError` looks like to a client.
extension Problem {
    init(_ error: CallControlError, sources: [SourceName]) {
        switch error {
        case .unknownSource:
            self.init(
                .unprocessableContent, kind: "unknown-source", title: "No such source",
                detail: "no source of that name is running: it is not configured, or off",
                members: [("allowed", .list(sources.map(\.description)))]
            )
        case .cannotPlace:
            self.init(
                .conflict, kind: "cannot-place", title: "The source cannot do this",
                detail: "this source's provider offers no way to place or follow a call like this"
            )
        case .invalid(let text):
            self.init(
                .unprocessableContent, kind: "invalid-call", title: "The call cannot be placed as asked", detail: text
            )
        case .refused(let status, let text):
            self.init(
                .badGateway, kind: "provider-refused", title: "The provider refused", detail: text,
                members: status.map { [("provider_status", .number(Int64($0)))] } ?? []
            )
        case .unreachable(let text):
            self.init(
                .badGateway, kind: "provider-unreachable", title: "The provider could not be reached", detail: text
            )
        case .resultUnknown(let call, let reason):
            self.init(
                .gatewayTimeout, kind: "result-unknown", title: "The result is unknown",
                detail: "\(CallControlError.noAnswer(reason)): the call may be ringing. It was not tried again;"
                    + " look at the call before asking anew",
                members: [("call", .text(call.rawValue))], headers: [.location: Route.location(of: call)]
            )
        case .endUnknown(let call, let reason):
            self.init(
                .gatewayTimeout, kind: "result-unknown", title: "The result is unknown",
                detail:
                    "\(CallControlError.noAnswer(reason)): the call may be over or go on. Asking again does no harm",
                members: [("call", .text(call.rawValue))], headers: [.location: Route.location(of: call)]
            )
        case .notFound:
            self.init(.notFound, kind: "no-such-call", title: "No such call", detail: "no call has this id")
        case .cannotHangUp:
            self.init(
                .conflict, kind: "cannot-hang-up", title: "The call cannot be ended from here",
                detail: "the provider offers no way to end this call, or it is over"
            )
        case .idempotencyConflict:
            self.init(
                .unprocessableContent, kind: "idempotency-key-reused", title: "The idempotency key was used before",
                detail: "this Idempotency-Key stands for another request; use a new key for a new call"
            )
        case .waiting(let call):
            self.init(
                .conflict, kind: "order-waiting", title: "The same request is waiting",
                detail: "this Idempotency-Key's request waits for its turn; the provider was not asked yet. Ask again"
                    + " for its answer",
                members: [("call", .text(call.rawValue))], headers: [.retryAfter: "1"]
            )
        case .unavailable(let obstacle):
            self = .unavailable("\(obstacle), so no call is placed or ended; try again")
        }
    }
}
