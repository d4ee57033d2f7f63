import CallModel
import ControlAPI
import EventJournal
import Intake
import Logging

/// What was asked for before, by its `Idempotency-Key`.
extension CallDesk {
    /// Writes down how far an order is that waits for its turn: what a crash leaves waiting, nobody was asked for.
    func note(_ stage: OrderStage, of call: CallID) async -> Bool {
        do throws(JournalError) {
            try await journal.run { journal throws(JournalError) in
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
        do throws(JournalError) {
            return try await journal.run { journal throws(JournalError) in try journal.placements(claims) }
        } catch {
            logger.error("a request cannot be looked up", metadata: ["error": "\(error)"])
            throw .unavailable(obstacle() ?? .journal)
        }
    }

    func source(ofRequestWith key: String) async -> SourceName? {
        try? await journal.run { journal throws(JournalError) in
            try journal.sourceOfPlacement(keys: [key, Self.guestKey(key, 0)])
        }
    }
}
