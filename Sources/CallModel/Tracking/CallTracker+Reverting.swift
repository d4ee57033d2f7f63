/// Taking a batch back that could not be kept: it costs what the batch changed, however many calls are remembered.
///
/// The skews of providers' clocks stay as they are: no event hangs on them, and the reports did come.
extension CallTracker {
    /// What was at `mark`, apart from calls and their index. What of it the batch does not change is not copied.
    struct Before: Sendable {
        var now: Timestamp
        var ledger: UnparsedLedger
        var messages: RecentMessages
        var earlyFailures: EarlyFailures
        var opened: Int
        var changed: Set<CallID>
        var forgotten: [TrackedCall]
        var isLedgerChanged: Bool
    }

    /// From here on one can go back, until `settle` or `revert`. In between the host's clock is not set.
    package mutating func mark() {
        before = Before(
            now: now, ledger: ledger, messages: messages, earlyFailures: earlyFailures, opened: opened,
            changed: changed, forgotten: forgotten,
            isLedgerChanged: isLedgerChanged)
        calls.mark()
        index.mark()
    }

    /// All that has happened since `mark` stays.
    package mutating func settle() {
        before = nil
        calls.settle()
        index.settle()
    }

    /// Nothing since `mark` has happened; what `takeChanges` gave since then will be given again.
    package mutating func revert() {
        guard let before else { return }
        let changes = calls.former ?? [:]
        index.revert(changes.map { (now: calls[$0.key], former: $0.value) })
        calls.revert()
        // Its entry may have been worked off, or dropped because it did not hold any more. What was added meanwhile holds
        // for no call now, and is skipped.
        for case let call? in changes.values { deadlines.insert(call) }
        now = before.now
        ledger = before.ledger
        messages = before.messages
        earlyFailures = before.earlyFailures
        opened = before.opened
        changed = before.changed
        forgotten = before.forgotten
        isLedgerChanged = before.isLedgerChanged
        self.before = nil
    }
}
