import CallModel
import NIOCore

/// The last lines of the stream, oldest first, bounded in number and bytes. Events are one apart.
struct StreamRing {
    struct Entry {
        let line: StreamLine
        /// The line as channels take it; the bytes are shared by every reader. Nil where nobody has asked for clear.
        let clear: ByteBuffer?
        /// Nil where no masked socket exists, or where the event itself is not at hand.
        let masked: ByteBuffer?

        /// About what it takes: the fields of the event weigh more than its text.
        var cost: Int {
            MemoryLayout<Entry>.stride + line.bytes.count + (clear?.readableBytes ?? 0) + (masked?.readableBytes ?? 0)
        }
    }

    private let limits: HubLimits
    private(set) var head: Int64
    /// Entries before `start` are gone; they are cleared at once and removed in bulk.
    private var entries: ContiguousArray<Entry?> = []
    private var start = 0
    private(set) var bytes = 0

    init(head: Int64, limits: HubLimits) {
        self.head = head
        self.limits = limits
    }

    var count: Int { entries.count - start }
    var extent: RingExtent { RingExtent(oldest: head - Int64(count) + 1, head: head) }

    /// Adds the next line. A line that is not the next one would make every cursor lie: one that was there before is
    /// dropped, and one that leaves a hole empties the ring, so that readers ask the journal.
    mutating func append(_ entry: Entry) {
        guard entry.line.seq > head else { return }
        if entry.line.seq != head + 1 { removeAll() }
        head = entry.line.seq
        entries.append(entry)
        bytes += entry.cost
        while count > limits.lines || (bytes > limits.bytes && count > 1) { removeFirst() }
    }

    /// The entries after `seq`, as far as `wants` says yes; nil where the first of them is not held.
    func entries(after seq: Int64, while wants: (Entry) -> Bool) -> [Entry]? {
        guard seq < head else { return [] }
        let oldest = extent.oldest
        guard seq + 1 >= oldest else { return nil }
        var found: [Entry] = []
        for index in (start + Int(seq + 1 - oldest))..<entries.count {
            guard let entry = entries[index], wants(entry) else { break }
            found.append(entry)
        }
        return found
    }

    private mutating func removeFirst() {
        bytes -= entries[start]?.cost ?? 0
        entries[start] = nil
        start += 1
        if start >= 1_024, start * 2 >= entries.count {
            entries.removeFirst(start)
            start = 0
        }
    }

    private mutating func removeAll() {
        entries.removeAll()
        start = 0
        bytes = 0
    }
}
