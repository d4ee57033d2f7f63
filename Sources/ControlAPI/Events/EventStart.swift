import CallModel
import EventJournal
import Fanout

/// Finds where a stream begins: the last event the reader already has.
struct EventStart: Sendable {
    let journal: EventJournal
    let hub: StreamHub
    let reads: JournalReads

    /// Throws 410 for a cursor that cannot be resumed without a hole.
    func position(_ start: EventsRequest.Start) async throws(Problem) -> Int64 {
        switch start {
        case .live: return hub.head
        case .oldest: return journal.oldest - 1
        case .after(let cursor): return try resumed(cursor)
        case .since(let time):
            // Before the search: an event that comes during it is new, and must not be skipped.
            let head = journal.head
            let first = try await reads.run { journal throws(JournalError) in try journal.firstSeq(since: time) }
            return first.map { $0 - 1 } ?? head
        }
    }

    private func resumed(_ cursor: Cursor) throws(Problem) -> Int64 {
        let (oldest, head) = (journal.oldest, journal.head)
        func gone(_ detail: String) -> Problem {
            .cursorGone(detail, epoch: journal.epoch, oldest: oldest, head: head)
        }
        guard cursor.epoch == journal.epoch else {
            throw gone("the cursor belongs to another journal: this one was created anew since")
        }
        guard cursor.seq >= oldest - 1 else {
            throw gone("the events after the cursor are no longer kept")
        }
        // A cursor is only ever given out for what is durable: events were lost, as when a backup is restored.
        guard cursor.seq <= head else {
            throw gone("the cursor is ahead of the journal, which must have been restored from an older copy")
        }
        return cursor.seq
    }
}
