import CallModel
import ControlAPI
import EventJournal
import Fanout
import HostSupport
import Intake
import Logging
import Providers

/// Places, follows and ends calls for the API.
struct CallDesk: CallControl {
    let journal: EventJournal
    let board: CallBoard
    let supervisor: SourceSupervisor
    let logger: Logger

    func place(_ request: PlaceRequest) async throws(CallControlError) -> PlaceAnswer {
        guard let source = supervisor.source(request.source) else { throw .unknownSource }
        guard let placer = source.placer else { throw .cannotPlace }
        try check(request.to, "to")
        // What is no number may be a name that the provider knows.
        if let from = request.from, NumberPlan.digits(of: from) != nil { try check(from, "from") }
        let call = CallID(rawValue: "c" + Self.randomDigits())
        let order = PlacementOrder(
            call: call, to: request.to, from: request.from, name: request.name, autoAnswer: request.autoAnswer)
        let ignored = order.wishes.subtracting(placer.passesOn).map(\.rawValue).sorted()
        switch claim(request, call) {
        case .success(.new): break
        case .success(.known(let known, sameRequest: true, let answer)):
            return PlaceAnswer(try repeated(known, answer), ignored: ignored)
        case .success(.known(_, sameRequest: false, _)): throw .idempotencyConflict
        case .failure: throw .unavailable
        }
        // A client that goes away does not undo its request: the answer must be recorded.
        let placed = await Task {
            let placed = await placer.place(order)
            settle(order.call, placed)
            return placed
        }.value
        switch placed.result {
        case .accepted: return PlaceAnswer(placed.call, ignored: ignored)
        case .comeBackLater: throw .unavailable
        case .refused(let status, let text, _): throw .refused(status: status, text: text)
        case .unreachable(let text): throw .unreachable("\(text); no call was placed")
        case .unknown(let reason):
            logger.warning(
                "a call may have been placed; the answer is not known",
                metadata: ["source": "\(request.source)", "call": "\(placed.call)", "reason": "\(reason)"])
            throw .resultUnknown(call: placed.call)
        }
    }

    /// The same request again is told what the first was told; nobody is asked.
    @discardableResult
    func repeated(_ call: CallID, _ answer: PlacementAnswer?) throws(CallControlError) -> CallID {
        switch answer {
        case .accepted: return call
        case .refused(let status, let text): throw .refused(status: status, text: text)
        case .unreachable(let text): throw .unreachable(text)
        case .unknown, nil: throw .resultUnknown(call: call)
        }
    }

    /// Writes down how it came out, so that the same request again is told the same.
    func settle(_ asked: CallID, _ placed: PlacedCall) {
        let answer: PlacementAnswer =
            switch placed.result {
            case .accepted: .accepted
            case .refused(let status, let text, _): .refused(status: status, text: text)
            case .unreachable(let text): .unreachable(text)
            case .comeBackLater, .unknown: .unknown
            }
        do throws(JournalError) {
            try journal.settlePlacement(of: asked, as: placed.call, answer)
        } catch {
            logger.warning(
                "the answer to a placement is not written down; the same request again is told that it is unknown",
                metadata: ["call": "\(placed.call)", "error": "\(error)"])
        }
    }

    func track(source name: SourceName, callid: String) async throws(CallControlError) -> CallID {
        guard let source = supervisor.source(name) else { throw .unknownSource }
        guard let controller = source.callControl else { throw .cannotPlace }
        let call = CallID(rawValue: "c" + Self.randomDigits())
        switch await controller.track(callid, as: call) {
        case .tracked(let call): return call
        case .notNow: throw .unavailable
        case .unsupported: throw .cannotPlace
        }
    }

    func hangUp(_ call: CallID) async throws(CallControlError) {
        guard let open = board[call] else {
            let known = (try? journal.call(call)) ?? nil
            throw known == nil ? .notFound : .cannotHangUp
        }
        guard let controller = supervisor.source(open.source)?.callControl, let callid = open.providerCall else {
            throw .cannotHangUp
        }
        switch await Task(operation: { await controller.hangUp(callid) }).value {
        case .agreed: return
        case .gone: throw .cannotHangUp
        case .refused(status: nil, let text): throw .unreachable(text)
        case .refused(let status, let text): throw .refused(status: status, text: text)
        }
    }

    /// Durable before the provider is asked: after a crash in between, the same key does not ask again.
    private func claim(_ request: PlaceRequest, _ call: CallID) -> Result<PlacementVerdict, JournalError> {
        claim(
            request.idempotencyKey, request.fingerprint, call, request.source, to: request.to, from: request.from)
    }

    /// The same for anything that is asked for once; `id` is what it will be known by.
    func claim(
        _ key: String?, _ fingerprint: String, _ id: CallID, _ source: SourceName, to: String, from: String? = nil
    ) -> Result<PlacementVerdict, JournalError> {
        do throws(JournalError) {
            return .success(
                try journal.claimPlacement(
                    PlacementClaim(
                        idempotencyKey: key ?? "none-\(id)", fingerprint: fingerprint, call: id, source: source,
                        observed: WallClock.now(), to: to, from: from)))
        } catch {
            logger.error("nothing can be asked for without a journal", metadata: ["error": "\(error)"])
            return .failure(error)
        }
    }

    func check(_ number: String, _ field: String) throws(CallControlError) {
        do throws(UndiallableNumber) { _ = try NumberPlan.dialled(number) } catch {
            throw .invalid("\"\(field)\" \(error)")
        }
    }

    static func randomDigits() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<20).map { _ in String(Int.random(in: 0..<16, using: &generator), radix: 16) }.joined()
    }
}
