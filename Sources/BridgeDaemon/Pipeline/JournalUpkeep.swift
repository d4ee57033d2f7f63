import CallModel
import EventJournal
import Fanout
import HostSupport
import Logging

/// What the journal thread does for the journal besides filling it.
struct JournalUpkeep {
    private let journal: EventJournal
    private let logger: Logger
    private var schedule = PruneSchedule(now: MonotonicClock.now())

    init(journal: EventJournal, logger: Logger) {
        self.journal = journal
        self.logger = logger
    }

    /// How long nothing is to be done.
    func pause() -> Span { schedule.due.since(MonotonicClock.now()) }

    /// Takes away a bounded piece of what is too old, where it is time for that.
    mutating func prune(_ limits: RetentionLimits, now: Timestamp, isBusy: Bool) {
        guard schedule.isDue(now: MonotonicClock.now(), isBusy: isBusy) else { return }
        var report: PruneReport?
        do throws(JournalError) {
            report = try journal.prune(limits, now: now)
        } catch {
            logger.warning("journal not pruned", metadata: ["error": "\(error)"])
        }
        switch schedule.did(report, limit: limits.maximumBytes, now: MonotonicClock.now()) {
        case .pruned(let events, let deliveries):
            logger.info("journal pruned", metadata: ["events": "\(events)", "deliveries": "\(deliveries)"])
        case .tooBig(let bytes):
            logger.warning(
                "the journal is bigger than journal.max_size, and all of it must be kept; raise it",
                metadata: ["bytes": "\(bytes)", "max_size": "\(limits.maximumBytes)"])
        case nil: break
        }
    }

    /// Writes down who read what, so that it can be explained.
    static func record(
        _ sessions: [ReaderSession], in journal: EventJournal, _ logger: Logger, now: Timestamp
    ) {
        do throws(JournalError) {
            try journal.record(sessions, now: now)
        } catch {
            logger.warning("readers not written down", metadata: ["error": "\(error)"])
        }
    }
}
