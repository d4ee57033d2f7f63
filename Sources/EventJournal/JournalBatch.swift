package import CallModel

/// What one transaction stores: some deliveries, what came of them, and the calls they changed.
package struct JournalBatch: Sendable {
    /// In the order in which they came.
    package var entries: [Entry]
    /// The calls that changed, each whole. One whose `tracked` is nil has been forgotten by the tracker and stays for
    /// the call list only.
    package var calls: [StoredCall]
    /// Replaces the tracker's other state, where not nil.
    package var trackerState: [UInt8]?
    /// When the batch was put together.
    package var observed: Timestamp

    package init(
        entries: [Entry] = [], calls: [StoredCall] = [], trackerState: [UInt8]? = nil, observed: Timestamp
    ) {
        self.entries = entries
        self.calls = calls
        self.trackerState = trackerState
        self.observed = observed
    }

    /// One delivery and what it caused, or the events of a timer.
    package struct Entry: Sendable {
        /// Nil: a timer caused the events.
        package var delivery: Delivery?
        /// The ids of the facts that were new; later ones with the same id are repetitions.
        package var facts: [FactID]
        /// In the order of their `seq`, which the commit counts on from.
        package var drafts: [EventDraft]
        /// The calls that took in something of the delivery or were changed by it, whether that told an event or not.
        package var calls: Set<CallID> = []
        /// Where the poller that brought the delivery goes on.
        package var cursor: PollCursor?
        /// Whether something in the delivery was not understood.
        package var unparsed: Bool
        /// False where the delivery is of no worth but for its cursor: an idle poll.
        package var keepsDelivery = true

        package init(
            delivery: Delivery?, facts: [FactID] = [], drafts: [EventDraft] = [], cursor: PollCursor? = nil,
            unparsed: Bool = false
        ) {
            self.delivery = delivery
            self.facts = facts
            self.drafts = drafts
            self.cursor = cursor
            self.unparsed = unparsed
        }
    }
}
