package import CallModel
import Providers
import Synchronization

/// What an Orange source remembers. One for each source, whichever placer asks: a source may be exchanged while its
/// provider is asked, and the answer still comes to the old placer.
package final class OrangeMemory: Sendable {
    struct Contents: Sendable {
        var ledger: OrangeLedger
        /// The last word of each message that is asked about.
        var words: [String: String] = [:]
    }

    private let state: Mutex<Contents>
    /// Passed by each delivery that carries the ledger with it.
    let turnstile = Turnstile()

    /// - Parameter cursors: of an earlier run.
    package init(_ cursors: [PollCursor] = []) {
        let ledger = OrangeLedger(cursors.first { $0.slot == OrangeLedger.slot }?.value ?? "")
        state = Mutex(Contents(ledger: ledger))
    }

    var contents: Contents { state.withLock { $0 } }

    /// The messages that are still asked about; those that nobody waits for any longer are forgotten.
    func openMessages(_ now: Timestamp) -> [String] {
        state.withLock { contents in
            contents.ledger.forgetMessages(before: now)
            let messages = contents.ledger.messages
            contents.words = contents.words.filter { messages[$0.key] != nil }
            return messages.keys.sorted()
        }
    }

    /// Keeps the delivery with the ledger as `change` leaves it, and remembers that once it is durable: what a
    /// cancelled placer could not keep is asked again by the next. One after the other, because an older ledger that
    /// is stored last would be that of the next run. Nil where it is not durable: the daemon is stopping, or the task
    /// was cancelled, be it while another delivery waits for the journal.
    func keep(
        _ delivery: Delivery, _ surroundings: Surroundings,
        changing change: @escaping @Sendable (inout Contents) -> Void
    ) async -> DeliveryReceipt? {
        guard await turnstile.enter() else { return nil }
        defer { turnstile.leave() }
        var changed = contents
        change(&changed)
        let receipt = await surroundings.keep(delivery, cursor: changed.ledger.cursor)
        if receipt != nil { state.withLock { change(&$0) } }
        return receipt
    }
}
