import CallModel
import ControlAPI
import EventJournal
import Fanout
import HostSupport
import Intake
import Logging
import Providers
import ServiceLifecycle
import Synchronization

/// Places, follows and ends calls for the API.
final class CallDesk: CallControl {
    let journal: JournalWork
    let pipeline: Pipeline
    let supervisor: SourceSupervisor
    /// Why nobody may be asked for anything now, if so: `mayOrder` of `Surroundings`, with its reason.
    let obstacle: @Sendable () -> CallControlError.Obstacle?
    let logger: Logger
    /// Things that providers were asked for, or are about to be, and that are not written down yet.
    private let underWay = Atomic(0)
    /// The daemon stops and waits for providers no longer.
    private let isClosed = StopMark()

    init(
        journal: JournalWork, pipeline: Pipeline, supervisor: SourceSupervisor,
        obstacle: @escaping @Sendable () -> CallControlError.Obstacle?, logger: Logger
    ) {
        self.journal = journal
        self.pipeline = pipeline
        self.supervisor = supervisor
        self.obstacle = obstacle
        self.logger = logger
    }

    func place(_ request: PlaceRequest) async throws(CallControlError) -> PlaceAnswer {
        try admit()
        if let known = try await known(request.idempotencyKey, request.fingerprint, request.source) {
            // What was left out, whoever placed it was told.
            return PlaceAnswer(known, ignored: ignored(request, by: supervisor.source(request.source)?.placer))
        }
        guard let source = supervisor.source(request.source) else { throw .unknownSource }
        guard let placer = source.placer else { throw .cannotPlace }
        try check(request.to, "to")
        // What is no number may be a name that the provider knows.
        if let from = request.from, NumberPlan.digits(of: from) != nil { try check(from, "from") }
        let call = CallID(rawValue: "c" + Self.randomDigits())
        let order = request.order(call)
        let ignored = ignored(request, by: placer)
        let queue = placer as? any QueueingPlacer
        switch await claim(request, call, from: placer.origin(request.from), waits: queue != nil) {
        case .new: break
        case .known(let known, sameRequest: true, let answer):
            return PlaceAnswer(try repeated(known, answer), ignored: ignored)
        case .known(_, sameRequest: false, _): throw .idempotencyConflict
        case nil: throw .unavailable(obstacle() ?? .journal)
        }
        let placed = await finish {
            let placed =
                if let queue {
                    await queue.place(order) { stage in await self.note(stage, of: call) }
                } else {
                    await placer.place(order)
                }
            await self.settle(order.call, placed)
            self.follow(placed.call)
            return placed
        }
        guard let placed else { throw .resultUnknown(call: call) }
        switch placed.answer {
        case .accepted: return PlaceAnswer(placed.call, ignored: ignored)
        case .comeBackLater: throw .unavailable(obstacle() ?? (queue?.isRetired == true ? .sourceChanged : .notNow))
        case .unfit(let text): throw .invalid(text)
        case .refused(let status, let text, _): throw .refused(status: status, text: text)
        case .unreachable(let text): throw .unreachable("\(text); no call was placed")
        case .unknown(let reason):
            logger.warning(
                "a call may have been placed; the answer is not known",
                metadata: ["source": "\(request.source)", "call": "\(placed.call)", "reason": "\(maskedText(reason))"])
            throw .resultUnknown(call: placed.call, because: reason)
        }
    }

    private func ignored(_ request: PlaceRequest, by placer: (any CallPlacer)?) -> [String] {
        guard let placer else { return [] }
        return request.order(CallID(rawValue: "")).wishes.subtracting(placer.passesOn).map(\.rawValue).sorted()
    }

    /// The same request again is told what the first was told; nobody is asked.
    @discardableResult
    func repeated(_ call: CallID, _ answer: PlacementAnswer?) throws(CallControlError) -> CallID {
        switch answer {
        case .accepted: return call
        case .unfit(let text): throw .invalid(text)
        case .refused(let status, let text): throw .refused(status: status, text: text)
        case .unreachable(let text): throw .unreachable(text)
        case .waiting: throw .waiting(call: call)
        case .unknown, nil: throw .resultUnknown(call: call)
        }
    }

    var board: CallBoard { pipeline.board }

    /// Nothing is asked of a provider whose answer could not be written down.
    func admit() throws(CallControlError) {
        if let obstacle = obstacle() { throw .unavailable(obstacle) }
    }

    /// Does it whoever goes away: what was asked for must be recorded. Nil where the answer waits for a journal that
    /// cannot be written: it is recorded once it can, and whoever asked waits no longer. Nil, too, where the daemon
    /// stops and the provider has not answered.
    func finish<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) async -> Value? {
        underWay.add(1, ordering: .relaxed)
        let task = Task {
            defer { underWay.subtract(1, ordering: .relaxed) }
            return await work()
        }
        return await patiently(task) { [pipeline, isClosed] in pipeline.isFailureLasting || isClosed.isSet }
    }

    /// Writes down how it came out, so that the same request again is told the same. What is not in the stream stays
    /// unanswered here: that is how the next run knows of it, and tells it.
    func settle(_ asked: CallID, _ placed: PlacedCall) async {
        guard let result = placed.settlement else { return }
        let answer: PlacementAnswer
        switch result {
        case .comeBackLater: return await withdraw(asked)
        case .accepted: answer = .accepted
        case .unfit(let text): answer = .unfit(text)
        case .refused(let status, let text, _): answer = .refused(status: status, text: text)
        case .unreachable(let text): answer = .unreachable(text)
        case .unknown: answer = .unknown
        }
        do throws(JournalError) {
            try await journal.run { journal throws(JournalError) in
                try journal.settlePlacement(of: asked, as: placed.call, answer)
            }
        } catch {
            logger.warning(
                "the answer to a placement is not written down; the same request again is told that it is unknown",
                metadata: ["call": "\(placed.call)", "error": "\(error)"])
        }
    }

    /// Nobody was asked, and the same request may come again. Where the journal does not take that now, it is told
    /// again until it does, and nobody waits for it.
    private func withdraw(_ claim: CallID) async {
        let journal = journal
        let attempt = { @Sendable () async throws(JournalError) in
            try await journal.run { journal throws(JournalError) in try journal.withdrawPlacement(of: claim) }
        }
        do throws(JournalError) { try await attempt() } catch {
            Task {
                var failure = error
                while failure.kind != .closed {
                    try? await Task.sleep(for: .seconds(1))
                    do throws(JournalError) { return try await attempt() } catch { failure = error }
                }
            }
        }
    }

    /// The source may have been exchanged while its provider was asked: what was asked then cannot follow the call any
    /// more, what runs now does. A call that commits before that is there is found by `SourceSupervisor.apply`.
    private func follow(_ call: CallID) {
        guard let open = board[call], let callid = open.providerCall else { return }
        supervisor.source(open.source)?.callControl?.follow(callid)
    }

    func track(source name: SourceName, callid: String) async throws(CallControlError) -> CallID {
        try admit()
        guard let source = supervisor.source(name) else { throw .unknownSource }
        guard let controller = source.callControl else { throw .cannotPlace }
        let call = CallID(rawValue: "c" + Self.randomDigits())
        let result = await finish {
            let result = await controller.track(callid, as: call)
            if case .tracked(let call) = result { self.follow(call) }
            return result
        }
        switch result {
        case .tracked(let call): return call
        case .notNow, nil: throw .unavailable(obstacle() ?? .notNow)
        case .unsupported: throw .cannotPlace
        }
    }

    func hangUp(_ call: CallID) async throws(CallControlError) {
        guard let open = board[call] else {
            let known: StoredCall?
            do throws(JournalError) {
                known = try await journal.run { journal throws(JournalError) in try journal.call(call) }
            } catch {
                logger.error("a call cannot be looked up", metadata: ["call": "\(call)", "error": "\(error)"])
                throw .unavailable(obstacle() ?? .journal)
            }
            throw known == nil ? .notFound : .cannotHangUp
        }
        guard let controller = supervisor.source(open.source)?.callControl, let callid = open.providerCall else {
            throw .cannotHangUp
        }
        switch await finish({ await controller.hangUp(callid) }) {
        case .agreed: return
        case .gone: throw .cannotHangUp
        case .refused(let status, let text): throw .refused(status: status, text: text)
        case .unreachable(let text): throw .unreachable(text)
        case .unknown(let reason):
            logger.warning(
                "a call may have been ended; the answer is not known",
                metadata: ["source": "\(open.source)", "call": "\(call)", "reason": "\(maskedText(reason))"])
            throw .endUnknown(call: call, because: reason)
        case nil: throw .endUnknown(call: call)
        }
    }

    /// Durable before the provider is asked: after a crash in between, the same key does not ask again.
    private func claim(
        _ request: PlaceRequest, _ call: CallID, from: String?, waits: Bool
    ) async -> PlacementVerdict? {
        var claim = placementClaim(
            request.idempotencyKey, request.fingerprint, call, request.source, to: request.to, from: from)
        claim.waits = waits
        return await self.claim([claim])?.first
    }

    /// The same for anything that is asked for once; `id` is what it will be known by.
    func claim(
        _ key: String?, _ fingerprint: String, _ id: CallID, _ source: SourceName, to: String, from: String? = nil
    ) async -> PlacementVerdict? {
        await claim([placementClaim(key, fingerprint, id, source, to: to, from: from)])?.first
    }

    func placementClaim(
        _ key: String?, _ fingerprint: String, _ id: CallID, _ source: SourceName, to: String, from: String? = nil
    ) -> PlacementClaim {
        PlacementClaim(
            idempotencyKey: key ?? "none-\(id)", fingerprint: fingerprint, call: id, source: source,
            observed: WallClock.now(), to: to, from: from)
    }

    /// All or none; as many verdicts as claims, but for a key that stands for another request, which is the last. Nil
    /// where nobody may be asked, or where that changed while the claims were written down, or where that takes so long
    /// that whoever wanted it expects it no more.
    func claim(_ claims: [PlacementClaim]) async -> [PlacementVerdict]? {
        let writing = Task { [journal, logger] () -> [PlacementVerdict]? in
            do throws(JournalError) {
                return try await journal.run { journal throws(JournalError) in try journal.claimPlacements(claims) }
            } catch {
                logger.error("nothing can be asked for without a journal", metadata: ["error": "\(error)"])
                return nil
            }
        }
        // It is not given up because whoever asked goes away.
        let patience = Task {
            let began = MonotonicClock.now()
            return await patiently(writing) { MonotonicClock.now().since(began) >= Pipeline.patience }
        }
        guard let verdicts = await patience.value else {
            logger.error("nothing can be asked for: the journal hangs")
            Task { await withdrawNew(of: claims, await writing.value ?? []) }
            return nil
        }
        guard let verdicts, obstacle() != nil else { return verdicts }
        return await withdrawNew(of: claims, verdicts) ? nil : verdicts
    }

    /// Whether there was any.
    @discardableResult
    private func withdrawNew(of claims: [PlacementClaim], _ verdicts: [PlacementVerdict]) async -> Bool {
        let new = zip(claims, verdicts).filter { $0.1 == .new }.map(\.0.call)
        for call in new { await withdraw(call) }
        return !new.isEmpty
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

extension PlaceRequest {
    fileprivate func order(_ call: CallID) -> PlacementOrder {
        PlacementOrder(call: call, to: to, from: from, name: name, autoAnswer: autoAnswer)
    }
}

extension CallDesk: Service {
    /// Of the time that a stop may take, this much is for providers that were asked already: what they answer is
    /// written down, and whoever asked is told.
    private static let patience = Duration.seconds(1)

    /// Stops after the sources and before the pipeline, which writes the last answers down. An outage of the journal is
    /// not waited for.
    func run() async throws {
        try? await gracefulShutdown()
        let deadline = ContinuousClock.now + Self.patience
        while underWay.load(ordering: .relaxed) > 0, pipeline.trouble == nil, ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(10))
        }
        isClosed.set()
    }
}
