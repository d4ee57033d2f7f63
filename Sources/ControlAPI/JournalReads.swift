import EventJournal
import Logging
import NIOPosix

/// Reads the journal on two threads of its own, because SQLite blocks the thread it reads on.
final class JournalReads: Sendable {
    private let journal: EventJournal
    private let threads = NIOThreadPool(numberOfThreads: 2)
    private let logger: Logger

    init(_ journal: EventJournal, logger: Logger) {
        self.journal = journal
        self.logger = logger
    }

    func start() {
        threads.start()
    }

    /// Throws 503 where the journal cannot be read.
    func run<Result: Sendable>(
        _ body: @escaping @Sendable (EventJournal) throws(JournalError) -> Result
    ) async throws(Problem) -> Result {
        do {
            return try await threads.runIfActive { [journal] in try body(journal) }
        } catch let error as JournalError {
            logger.error("journal cannot be read", metadata: ["error": "\(error)"])
            throw .unavailable("the journal cannot be read; the daemon's log says why")
        } catch {
            throw .stopping
        }
    }

    func stop() async {
        try? await threads.shutdownGracefully()
    }
}
