import CallModel
import EventJournal

/// Whether the journal takes what comes, and what was refused while it did not: nobody sends a notification again.
///
/// On a disk that is nearly full small writes succeed between large ones that fail: that is one outage, told once. It is
/// over when something was written and nothing was refused for a while. `now` is by a clock that never goes back; what
/// was refused is told by the clock of the host.
struct JournalOutage: Sendable {
    /// From when to when a source's notifications were refused.
    struct Refusals: Sendable, Equatable {
        var from: Timestamp
        var to: Timestamp
        /// The journal was well; too much waited for it.
        var isOverload: Bool
    }

    /// How long nothing may fail before the outage counts as over: what waits for the journal tries again within 5 s.
    static let quiet = Span.seconds(10)
    /// Whoever waits for an answer to be kept is told that it is not known once failures have gone on for this long.
    static let patience = Span.seconds(5)

    /// Why the journal cannot be written; nil where it can.
    private(set) var error: JournalError?
    private var began: Timestamp?
    private var lastTrouble: Timestamp?
    /// Bounded by the sources that are pushed to.
    private(set) var refused: [SourceName: Refusals] = [:]

    /// The oldest refusal that is not told yet.
    var earliestRefusal: Timestamp? { refused.values.map(\.from).min() }

    /// It has lasted too long to let anybody wait for its end.
    var isLasting: Bool {
        guard error != nil, let began, let lastTrouble else { return false }
        return lastTrouble.since(began) >= Self.patience
    }

    /// True where that is news.
    mutating func failed(_ error: JournalError, now: Timestamp) -> Bool {
        let isNews = self.error == nil
        if isNews { began = now }
        self.error = error
        lastTrouble = now
        return isNews
    }

    /// A delivery was not taken. Polls and questions are made again, and lose nothing.
    mutating func refused(_ delivery: Delivery, at time: Timestamp, now: Timestamp, isOverload: Bool = false) {
        guard delivery.kind == .webhook else { return }
        lastTrouble = now
        var refusals = refused[delivery.source] ?? Refusals(from: delivery.observed, to: time, isOverload: isOverload)
        refusals.to = time
        refusals.isOverload = refusals.isOverload && isOverload
        refused[delivery.source] = refusals
    }

    /// Something was written. Nil while that is not the end of an outage; else what was refused in it.
    mutating func wrote(now: Timestamp) -> [SourceName: Refusals]? {
        guard let lastTrouble, now.since(lastTrouble) >= Self.quiet else { return nil }
        defer { self = JournalOutage() }
        return refused
    }
}
