import CallModel
import EventJournal
import HostSupport
import NIOPosix

/// Asks the journal on threads that may block, because SQLite waits for its lock and for the disk on the thread it is
/// asked on: on one of the cooperative pool, a few that wait would stop everything else.
///
/// One thread writes, as the journal takes one write at a time; others read, so that a write that hangs keeps nobody
/// from looking something up.
final class JournalWork: Sendable {
    private let journal: EventJournal
    private let writes: WriteWatch
    private let writer = NIOThreadPool(numberOfThreads: 1)
    private let readers = NIOThreadPool(numberOfThreads: 2)

    init(_ journal: EventJournal, writes: WriteWatch) {
        self.journal = journal
        self.writes = writes
        writer.start()
        readers.start()
    }

    /// Waits for the disk, however long that takes.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (EventJournal) throws(JournalError) -> Result
    ) async throws(JournalError) -> Result {
        try await run(on: writer) { [writes] journal throws(JournalError) in
            try writes.during { () throws(JournalError) in try body(journal) }
        }
    }

    /// Throws where the disk does not answer in time, too.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (EventJournal) throws(JournalError) -> Result
    ) async throws(JournalError) -> Result {
        let reading = Task { () -> Swift.Result<Result, JournalError> in
            do throws(JournalError) { return .success(try await run(on: readers, body)) } catch {
                return .failure(error)
            }
        }
        guard let result = await patiently(reading, for: Pipeline.patience) else {
            throw JournalError(.inputOutput, path: journal.path, detail: "no answer within \(Pipeline.patience)")
        }
        return try result.get()
    }

    private func run<Result: Sendable>(
        on threads: NIOThreadPool, _ body: @escaping @Sendable (EventJournal) throws(JournalError) -> Result
    ) async throws(JournalError) -> Result {
        do {
            return try await threads.runIfActive { [journal] in try body(journal) }
        } catch let error as JournalError {
            throw error
        } catch {
            throw JournalError(.closed, path: journal.path, detail: "nobody is left to ask it")
        }
    }

    /// What has not begun is not done any more.
    deinit {
        writer.shutdownGracefully { _ in }
        readers.shutdownGracefully { _ in }
    }
}
