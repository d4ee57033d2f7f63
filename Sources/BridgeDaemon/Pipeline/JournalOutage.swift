import CallModel
import EventJournal

/// Whether the journal takes what comes, and what was refused while it did not: nobody sends a notification again.
///
/// An outage is over when something was written and nothing was refused for a while. On a disk that is nearly full small
/// writes succeed between large ones that fail; that is one outage, told once.
struct JournalOutage: Sendable {
    /// From when to when a source's notifications were refused.
    struct Refusals: Sendable, Equatable {
        var from: Timestamp
        var to: Timestamp
    }

    /// How long nothing may fail before the outage counts as over.
    static let quiet = Span.seconds(5)

    /// Why the journal cannot be written; nil where it can.
    private(set) var error: JournalError?
    private var lastTrouble: Timestamp?
    /// Bounded by the sources that are pushed to.
    private(set) var refused: [SourceName: Refusals] = [:]

    /// The oldest refusal that is not told yet.
    var earliestRefusal: Timestamp? { refused.values.map(\.from).min() }

    /// True where that is news.
    mutating func failed(_ error: JournalError, at now: Timestamp) -> Bool {
        defer {
            self.error = error
            lastTrouble = now
        }
        return self.error == nil
    }

    /// A delivery was not taken. Polls and questions are made again, and lose nothing.
    mutating func refused(_ delivery: Delivery, at now: Timestamp) {
        guard delivery.kind == .webhook else { return }
        lastTrouble = now
        refused[delivery.source, default: Refusals(from: delivery.observed, to: now)].to = now
    }

    /// Something was written. Nil while that is not the end of an outage; else what was refused in it.
    mutating func wrote(at now: Timestamp) -> [SourceName: Refusals]? {
        guard error != nil || !refused.isEmpty else { return nil }
        // A clock that was set back would keep it waiting.
        if let lastTrouble, (0..<Self.quiet.milliseconds).contains(now.since(lastTrouble).milliseconds) { return nil }
        defer { self = JournalOutage() }
        return refused
    }
}
