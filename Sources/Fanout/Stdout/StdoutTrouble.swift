import CallModel

/// Decides when it is told that standard output takes no lines, or not as fast as they come: once when it begins and
/// once when everything that is there was taken again.
struct StdoutTrouble {
    enum Kind: String, Equatable {
        /// Nothing was taken for a while.
        case stalled = "it takes nothing"
        case full = "no space is left"
        /// Lines were left out, because they were no longer in memory when there was room for them.
        case slow = "it takes lines too slowly, and some are left out"
    }

    enum Action: Equatable {
        case none
        /// `after`: everything up to there was taken.
        case tell(Kind, after: Int64)
        case tellEnd(after: Int64, leftOut: Int64)
    }

    private let patience: Span
    private var blockedSince: Timestamp?
    private var begunAfter: Int64?
    private var leftOut: Int64 = 0
    /// Everything up to there was taken.
    private var taken: Int64

    init(patience: Span, taken: Int64) {
        self.patience = patience
        self.taken = taken
    }

    /// When somebody should look again although nothing happens.
    var due: Timestamp? { begunAfter == nil ? blockedSince.map { $0.advanced(by: patience) } : nil }

    /// Something waits to be taken.
    mutating func waited(now: Timestamp) -> Action {
        let since = blockedSince ?? now
        blockedSince = since
        return now.since(since) >= patience ? begin(.stalled) : .none
    }

    mutating func wasFull() -> Action { begin(.full) }

    mutating func wrote() { blockedSince = nil }

    mutating func left(out count: Int64) -> Action {
        let action = begin(.slow)
        leftOut += count
        return action
    }

    /// Nothing waits to be written of what was fetched.
    mutating func tookAll(through seq: Int64) { taken = seq }

    /// Nothing is left to be fetched either.
    mutating func caughtUp() -> Action {
        guard let after = begunAfter else { return .none }
        begunAfter = nil
        defer { leftOut = 0 }
        return .tellEnd(after: after, leftOut: leftOut)
    }

    private mutating func begin(_ kind: Kind) -> Action {
        guard begunAfter == nil else { return .none }
        begunAfter = taken
        return .tell(kind, after: taken)
    }
}
