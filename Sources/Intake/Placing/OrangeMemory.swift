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

    private struct State {
        var contents: Contents
        /// The last delivery that carries the ledger with it.
        var lastKept: Task<DeliveryReceipt?, Never>?
    }

    private let state: Mutex<State>

    /// - Parameter cursors: of an earlier run.
    package init(_ cursors: [PollCursor] = []) {
        let ledger = OrangeLedger(cursors.first { $0.slot == OrangeLedger.slot }?.value ?? "")
        state = Mutex(State(contents: Contents(ledger: ledger)))
    }

    var contents: Contents { state.withLock { $0.contents } }

    /// The messages that are still asked about; those that nobody waits for any longer are forgotten.
    func openMessages(_ now: Timestamp) -> [String] {
        state.withLock { state in
            state.contents.ledger.forgetMessages(before: now)
            let messages = state.contents.ledger.messages
            state.contents.words = state.contents.words.filter { messages[$0.key] != nil }
            return messages.keys.sorted()
        }
    }

    /// Keeps the delivery with the ledger as `change` leaves it, and remembers that once it is durable: what a cancelled
    /// placer could not keep is asked again by the next. One after the other, because an older ledger that is stored last
    /// would be that of the next run. Nil where it is not durable.
    func keep(
        _ delivery: Delivery, _ surroundings: Surroundings,
        changing change: @escaping @Sendable (inout Contents) -> Void
    ) async -> DeliveryReceipt? {
        let kept = state.withLock { state in
            let before = state.lastKept
            let kept = Task {
                _ = await before?.value
                var changed = contents
                change(&changed)
                let receipt = await surroundings.keep(delivery, cursor: changed.ledger.cursor)
                if receipt != nil { self.state.withLock { change(&$0.contents) } }
                return receipt
            }
            state.lastKept = kept
            return kept
        }
        return await withTaskCancellationHandler {
            await kept.value
        } onCancel: {
            kept.cancel()
        }
    }
}
