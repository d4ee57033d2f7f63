/// A binary heap of what is due when. An entry that no longer holds is left in place and skipped when it comes up:
/// whoever pops compares it with the call's own deadline.
struct DeadlineQueue: Sendable {
    struct Entry: Sendable, Equatable {
        let due: Timestamp
        /// Breaks ties, so that the order is the same in every run, with or without a restart.
        let serial: Int
        let call: CallID
    }

    private var heap: [Entry] = []

    var count: Int { heap.count }
    var first: Entry? { heap.first }

    mutating func insert(_ call: TrackedCall) {
        heap.append(Entry(due: call.due, serial: call.serial ?? 0, call: call.id))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard Self.precedes(heap[child], heap[parent]) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Drops the entries that no longer hold, which a provider that changes its mind all the time makes many of, and
    /// those that are there twice, which batches that are taken back make.
    mutating func keep(where isValid: (Entry) -> Bool) {
        // A sorted array is a heap.
        var kept: [Entry] = []
        for entry in heap.filter(isValid).sorted(by: Self.precedes) where kept.last != entry { kept.append(entry) }
        heap = kept
    }

    mutating func removeFirst() {
        guard let last = heap.popLast(), !heap.isEmpty else { return }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if Self.precedes(heap[child], heap[least]) { least = child }
            }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }

    private static func precedes(_ left: Entry, _ right: Entry) -> Bool {
        (left.due, left.serial, left.call.rawValue) < (right.due, right.serial, right.call.rawValue)
    }
}
