import CallModel
import EventJournal

/// When the journal is looked through for what it need not keep any longer, and what is said about it.
///
/// Times are by a clock that never goes back.
struct PruneSchedule: Sendable {
    enum News: Equatable {
        case pruned(events: Int, deliveries: Int)
        /// More than the journal may have, and all of it must be kept.
        case tooBig(bytes: Int64)
    }

    /// How often it is looked through where nothing was left over.
    static let interval = Span.minutes(1)
    /// Between two pieces of what is too old.
    static let pace = Span.milliseconds(100)
    /// How long a piece waits for a moment in which nothing comes.
    static let patience = Span.seconds(1)

    private(set) var due: Timestamp
    private var events = 0
    private var deliveries = 0
    private var lastTold: Timestamp?
    private var isTooBig = false

    init(now: Timestamp) { due = now }

    /// - Parameter isBusy: deliveries are coming in.
    func isDue(now: Timestamp, isBusy: Bool) -> Bool {
        now.since(due) >= (isBusy ? Self.patience : .milliseconds(0))
    }

    /// What a piece removed; nil: it failed, and is tried again later. What is to be told of it, if anything: an
    /// endless pruning once a minute.
    mutating func did(_ report: PruneReport?, limit: Int64, now: Timestamp) -> News? {
        due = now.advanced(by: report?.moreLeft == true ? Self.pace : Self.interval)
        guard let report else { return nil }
        events += report.events
        deliveries += report.deliveries
        if report.bytesUsed <= limit {
            isTooBig = false
        } else if !isTooBig, !report.moreLeft {
            isTooBig = true
            return .tooBig(bytes: report.bytesUsed)
        }
        let isQuiet = lastTold.map { now.since($0) < Self.interval } ?? false
        guard events + deliveries > 0, !report.moreLeft || !isQuiet else { return nil }
        defer { (events, deliveries, lastTold) = (0, 0, now) }
        return .pruned(events: events, deliveries: deliveries)
    }
}
