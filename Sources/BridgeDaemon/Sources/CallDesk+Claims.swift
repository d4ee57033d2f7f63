import CallModel
import ControlAPI
import EventJournal
import HostSupport
import Intake
import Logging
import Providers

/// What was asked for before, by its `Idempotency-Key`.
extension CallDesk {
    /// Claims it durably, has its provider asked, and writes the answer down: after a crash in between, the same key
    /// does not ask again. The same request again is told what the first was told, and nobody is asked.
    ///
    /// - Parameters:
    ///   - progress: whether the provider may have been asked, of orders that wait for their turn.
    ///   - isRetired: whether it was given back because its source was changed, of orders that wait.
    ///   - ask: goes on whoever goes away.
    /// - Returns: under which id it is known.
    func once(
        _ claim: PlacementClaim, _ progress: OrderProgress = OrderProgress(isAsked: true),
        isRetired: () -> Bool = { false }, ask: @escaping @Sendable () async -> PlacedCall
    ) async throws(CallControlError) -> CallID {
        switch await self.claim([claim])?.first {
        case .new: break
        case .known(let known, sameRequest: true, let answer): return try repeated(known, answer)
        case .known(_, sameRequest: false, _): throw .idempotencyConflict
        case nil: throw .unavailable(obstacle() ?? .journal)
        }
        let placed = await finish(progress) {
            let placed = await ask()
            await self.settle(claim.call, placed)
            return placed
        }
        guard let placed else {
            throw progress.isAsked ? .resultUnknown(call: claim.call) : .unavailable(obstacle() ?? .journal)
        }
        try check(placed.answer, placed.call, claim.source, isRetired: isRetired)
        return placed.call
    }

    /// Throws unless the provider accepted it.
    func check(
        _ result: PlacementResult, _ id: CallID, _ source: SourceName, isRetired: () -> Bool = { false }
    ) throws(CallControlError) {
        switch result {
        case .accepted: return
        case .comeBackLater: throw .unavailable(obstacle() ?? (isRetired() ? .sourceChanged : .notNow))
        case .unfit(let text): throw .invalid(text)
        case .refused(let status, let text, _): throw .refused(status: status, text: text)
        case .unreachable(let text): throw Self.unreached(text)
        case .unknown(let reason):
            logger.warning(
                "something may have been done; the provider's answer is not known",
                metadata: ["source": "\(source)", "id": "\(id)", "reason": "\(maskedText(reason))"])
            throw .resultUnknown(call: id, because: reason)
        }
    }

    /// The same request again is told what the first was told; nobody is asked.
    @discardableResult
    func repeated(_ call: CallID, _ answer: PlacementAnswer?) throws(CallControlError) -> CallID {
        switch answer {
        case .accepted: return call
        case .unfit(let text): throw .invalid(text)
        case .refused(let status, let text): throw .refused(status: status, text: text)
        case .unreachable(let text): throw Self.unreached(text)
        case .waiting: throw .waiting(call: call)
        case .unknown, nil: throw .resultUnknown(call: call)
        }
    }

    private static func unreached(_ text: String) -> CallControlError { .unreachable("\(text); nothing was ordered") }

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
            try await journal.write { journal throws(JournalError) in
                try journal.settlePlacement(of: asked, as: placed.call, answer)
            }
        } catch {
            logger.warning(
                "the answer to a placement is not written down; the same request again is told that it is unknown",
                metadata: ["call": "\(placed.call)", "error": "\(error)"])
        }
    }

    /// Whoever is told that nobody was asked waits that long for his key to be free.
    private static let withdrawalPatience = Span.seconds(2)

    /// Nobody was asked, and the same request may come again. Where the journal does not take that now, it is told
    /// again until it does, and nobody waits for it.
    private func withdraw(_ claim: CallID) async {
        let attempt = { @Sendable [journal] () async -> JournalError? in
            do throws(JournalError) {
                try await journal.write { journal throws(JournalError) in try journal.withdrawPlacement(of: claim) }
                return nil
            } catch { return error }
        }
        let first = Task { await attempt() }
        Task {
            var failure = await first.value
            while let kind = failure?.kind, kind != .closed {
                try? await Task.sleep(for: .seconds(1))
                failure = await attempt()
            }
        }
        _ = await patiently(first, for: Self.withdrawalPatience)
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
                return try await journal.write { journal throws(JournalError) in try journal.claimPlacements(claims) }
            } catch {
                logger.error("nothing can be asked for without a journal", metadata: ["error": "\(error)"])
                return nil
            }
        }
        // It is not given up because whoever asked goes away.
        let patience = Task { await patiently(writing, for: Pipeline.patience) }
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

    /// Writes down how far an order is that waits for its turn: what a crash leaves waiting, nobody was asked for.
    /// False where that cannot be written in time: whoever wants the order is told that nobody was asked.
    func note(_ stage: OrderStage, of call: CallID, _ progress: OrderProgress) async -> Bool {
        let writing = Task { [journal, logger] in
            do throws(JournalError) {
                try await journal.write { journal throws(JournalError) in
                    try journal.markPlacement(of: call, waits: stage == .waiting)
                }
                return true
            } catch {
                logger.warning(
                    "how far an order is that waits for its turn cannot be written down",
                    metadata: ["call": "\(call)", "error": "\(error)"])
                return false
            }
        }
        let isWritten = await patiently(writing, for: Pipeline.patience) ?? false
        if isWritten { progress.isAsked = stage == .asking }
        return isWritten
    }

    /// At the start, before anything is asked for: what the last run asked for without an answer may be ringing. It is
    /// not asked for again, but told. An order that waited for its turn was not asked for: nothing is told, and its key
    /// is free.
    func tellUnanswered() async throws(JournalError) {
        await write("orders that waited when the last run ended are not withdrawn") { journal throws(JournalError) in
            try journal.withdrawWaitingPlacements()
        }
        let claims = try await journal.read { journal throws(JournalError) in try journal.unansweredPlacements() }
        for claim in claims where supervisor.source(claim.source) != nil {
            var call = claim.call
            if !call.rawValue.hasPrefix(Self.conferencePrefix) {
                let delivery = PlacementReports.delivery(
                    .unknown("the daemon ended before the provider answered"), call: claim.call, to: claim.to,
                    from: claim.from, body: [], source: claim.source, observed: WallClock.now())
                guard let receipt = try? await pipeline.submit(delivery, cursor: nil) else { continue }
                call = receipt.call ?? call
            }
            await write("an order that nobody answered is told again by the next run") {
                [call] journal throws(JournalError) in
                try journal.settlePlacement(of: claim.call, as: call, .unknown)
            }
        }
    }

    /// - Parameter consequence: of its not being written, for the log.
    private func write(
        _ consequence: Logger.Message, _ change: @escaping @Sendable (EventJournal) throws(JournalError) -> Void
    ) async {
        do throws(JournalError) { try await journal.write(change) } catch {
            logger.warning(consequence, metadata: ["error": "\(error)"])
        }
    }

    /// What the same request was told before; nil where its key is free. Looked for before the source is: an answer
    /// stands whatever becomes of the source.
    func known(
        _ key: String?, _ fingerprint: String, _ source: SourceName
    ) async throws(CallControlError) -> CallID? {
        guard key != nil else { return nil }
        let claim = placementClaim(key, fingerprint, CallID(rawValue: ""), source, to: "")
        switch try await known([claim]).first ?? nil {
        case .known(let known, sameRequest: true, let answer): return try repeated(known, answer)
        case .known(_, sameRequest: false, _): throw .idempotencyConflict
        case .new, nil: return nil
        }
    }

    func known(_ claims: [PlacementClaim]) async throws(CallControlError) -> [PlacementVerdict?] {
        try await lookUp { journal throws(JournalError) in try journal.placements(claims) }
    }

    func source(ofRequestWith key: String) async throws(CallControlError) -> SourceName? {
        try admit()
        return try await lookUp { journal throws(JournalError) in
            try journal.sourceOfPlacement(keys: [key, Self.guestKey(key, 0)])
        }
    }

    /// A lookup that failed is no free key.
    private func lookUp<Value: Sendable>(
        _ read: @escaping @Sendable (EventJournal) throws(JournalError) -> Value
    ) async throws(CallControlError) -> Value {
        do throws(JournalError) { return try await journal.read(read) } catch {
            logger.error("a request cannot be looked up", metadata: ["error": "\(error)"])
            throw .unavailable(obstacle() ?? .journal)
        }
    }
}
