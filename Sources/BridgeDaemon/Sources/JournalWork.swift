import EventJournal
import NIOPosix

/// Asks the journal on threads that may block, because SQLite waits for its lock and for the disk on the thread it is
/// asked on: on one of the cooperative pool, a few that wait would stop everything else.
struct JournalWork: Sendable {
    let journal: EventJournal
    private let threads = NIOThreadPool.singleton

    init(_ journal: EventJournal) {
        self.journal = journal
    }

    func run<Result: Sendable>(
        _ body: @escaping @Sendable (EventJournal) throws(JournalError) -> Result
    ) async throws(JournalError) -> Result {
        do {
            return try await threads.runIfActive { [journal] in try body(journal) }
        } catch let error as JournalError {
            throw error
        } catch {
            throw JournalError(.closed, path: journal.path, detail: "nobody is left to ask it")
        }
    }
}
