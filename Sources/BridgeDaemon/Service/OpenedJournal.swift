import CallModel
import EventJournal
import HostSupport
import Logging

/// The journal at the start, and what it says of the last run.
struct OpenedJournal {
    let journal: EventJournal
    /// Goes on where the last batch ended.
    let processor: BatchProcessor
    /// When the last run was known to live; nil where there was none.
    let lastAlive: Timestamp?

    init(_ options: DaemonOptions, _ limits: TrackerLimits, _ logger: Logger) throws(StartFailure) {
        let now = WallClock.now()
        do throws(JournalError) {
            journal = try EventJournal(path: "\(options.stateDirectory)/journal.sqlite", now: now)
            lastAlive = try BatchProcessor.daemonState(in: journal)?.alive
            processor = try BatchProcessor(journal: journal, limits: limits, now: now, logger: logger)
        } catch {
            throw StartFailure(exitCode: ExitCode.journal, message: error.description)
        }
    }
}
