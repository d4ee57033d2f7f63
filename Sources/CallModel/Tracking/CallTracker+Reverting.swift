/// Taking a batch back that could not be kept: it costs what the batch changed, however many calls are remembered.
extension CallTracker {
    /// From here on one can go back, until `settle` or `revert`. In between the host's clock is not set.
    package mutating func mark() {
        notesBefore = notes
        calls.mark()
        index.mark()
    }

    /// All that has happened since `mark` stays.
    package mutating func settle() {
        notesBefore = nil
        calls.settle()
        index.settle()
    }

    /// Nothing since `mark` has happened; what `takeChanges` gave since then will be given again.
    package mutating func revert() {
        guard let notesBefore else { return }
        let changes = calls.former ?? [:]
        index.revert(changes.map { (now: calls[$0.key], former: $0.value) })
        calls.revert()
        // Its entry may have been worked off, or dropped because it did not hold any more. What was added meanwhile
        // holds for no call now, and is skipped.
        for case let call? in changes.values { deadlines.insert(call) }
        notes = notesBefore
        self.notesBefore = nil
    }
}
