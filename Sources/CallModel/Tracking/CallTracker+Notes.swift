extension CallTracker {
    /// What the tracker holds apart from the calls, their index and their deadlines. It stands together so that
    /// taking a batch back cannot forget a part of it, and that all of it moves where the host's clock was set.
    struct Notes: Sendable {
        /// The latest time the tracker was told.
        var now = Timestamp(milliseconds: 0)
        var ledger = UnparsedLedger()
        var messages = RecentMessages()
        var earlyFailures = EarlyFailures()
        /// How many calls were opened, also before a restart.
        var opened = 0
        /// The calls that `takeChanges` gives next.
        var changed: Set<CallID> = []
        var forgotten: [TrackedCall] = []
        /// Ledger, messages or early failures are not as `takeChanges` gave them last.
        var areNew = false

        /// What is remembered was `span` earlier by the clock that counts now.
        mutating func shift(by span: Span) {
            ledger.shift(by: span)
            messages.shift(by: span)
            earlyFailures.shift(by: span)
            areNew = true
        }
    }
}
