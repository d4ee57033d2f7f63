import CallModel
import Dispatch
import EventJournal
import Fanout
import HostSupport
import Intake
import Logging
import Providers
import Synchronization

/// On the journal's thread: one batch after the other, and what becomes of those who wait for it.
extension Pipeline {
    func process(
        _ items: [Item], _ processor: inout BatchProcessor, now: Timestamp, isBeat: Bool, clockChange: Span
    ) {
        var clockChange = clockChange
        // In an outage ever more is due. It is tried first and in pieces: with each notification all of it would be
        // worked out in vain.
        if failure != nil, let first = items.first?.delivery.observed {
            while processor.isBehind(at: first) {
                beats.add(1, ordering: .relaxed)
                if let error = writes.during({
                    attempt([], &processor, now: first, isBeat: false, clockChange: clockChange)
                }) {
                    return failed(error, items)
                }
                clockChange = .milliseconds(0)
            }
        }
        guard
            let error = writes.during({ attempt(items, &processor, now: now, isBeat: isBeat, clockChange: clockChange) }
            )
        else { return }
        failed(error, items)
        if items.isEmpty {
            // A deadline that cannot be written is tried again, not in a tight loop.
            _ = news.wait(timeout: .now() + .milliseconds(250))
            news.signal()
        }
    }

    /// Why nothing of it was done; nil where it was.
    private func attempt(
        _ items: [Item], _ processor: inout BatchProcessor, now: Timestamp, isBeat: Bool, clockChange: Span
    ) -> JournalError? {
        let decoders = decoders.withLock { $0 }
        do throws(JournalError) {
            let outcome = try processor.process(
                items.map { ($0.delivery, $0.cursor) }, decoders: decoders, now: now, isBeat: isBeat,
                alive: heardUntil, clockChange: clockChange)
            if outcome.isWritten { written() }
            if !items.isEmpty {
                let skews = processor.clockSkews(of: decoders.keys)
                self.skews.withLock { $0 = skews }
            }
            hub.publish(outcome.lines)
            for line in outcome.lines { logger.warn(ofUnparsed: line) }
            board.update(outcome.changed)
            unparsed.withLock { unparsed in
                for (item, receipt) in zip(items, outcome.receipts) where receipt.isUnparsed {
                    unparsed[item.delivery.source, default: 0] += 1
                }
            }
            for (item, receipt) in zip(items, outcome.receipts) {
                observeLatency(ContinuousClock.now - item.enqueued)
                item.acknowledge(.success(receipt))
            }
            if isBeat { JournalUpkeep.record(hub.subscribers.takeSessions(now: now), in: journal, logger, now: now) }
            return nil
        } catch {
            return error
        }
    }
}
