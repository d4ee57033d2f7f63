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
        let order = request.order(CallID(rawValue: "c" + Self.randomDigits()))
        let queue = placer as? any QueueingPlacer
        var claim = placementClaim(
            request.idempotencyKey, request.fingerprint, order.call, request.source, to: request.to,
            from: placer.origin(request.from))
        claim.waits = queue != nil
        let progress = OrderProgress(isAsked: queue == nil)
        let call = try await once(claim, progress, isRetired: { queue?.isRetired == true }) {
            let placed =
                if let queue {
                    await queue.place(order) { stage in await self.note(stage, of: order.call, progress) }
                } else {
                    await placer.place(order)
                }
            self.follow(placed.call)
            return placed
        }
        return PlaceAnswer(call, ignored: ignored(request, by: placer))
    }

    private func ignored(_ request: PlaceRequest, by placer: (any CallPlacer)?) -> [String] {
        guard let placer else { return [] }
        return request.order(CallID(rawValue: "")).wishes.subtracting(placer.passesOn).map(\.rawValue).sorted()
    }

    var board: CallBoard { pipeline.board }

    /// Nothing is asked of a provider whose answer could not be written down.
    func admit() throws(CallControlError) {
        if let obstacle = obstacle() { throw .unavailable(obstacle) }
    }

    /// Does it whoever goes away: what was asked for must be recorded. Nil where the answer waits for a journal that
    /// cannot be written: it is recorded once it can, and whoever asked waits no longer. Nil, too, where the daemon
    /// stops and the provider has not answered. An order that nobody was asked for answers by itself.
    func finish<Value: Sendable>(
        _ progress: OrderProgress = OrderProgress(isAsked: true), _ work: @escaping @Sendable () async -> Value
    ) async -> Value? {
        underWay.add(1, ordering: .relaxed)
        let task = Task {
            defer { underWay.subtract(1, ordering: .relaxed) }
            return await work()
        }
        return await patiently(task) { [pipeline, isClosed] in
            isClosed.isSet || progress.isAsked && pipeline.isFailureLasting
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
                known = try await journal.read { journal throws(JournalError) in try journal.call(call) }
            } catch {
                logger.error("a call cannot be looked up", metadata: ["call": "\(call)", "error": "\(error)"])
                throw .unavailable(obstacle() ?? .journal)
            }
            throw known == nil ? .notFound : .cannotHangUp
        }
        guard let controller = supervisor.source(open.source)?.callControl, let callid = open.providerCall else {
            throw .cannotHangUp
        }
        let result = await finish { await controller.hangUp(callid) }
        switch result {
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
