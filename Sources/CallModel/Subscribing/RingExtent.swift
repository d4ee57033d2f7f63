/// Which events are held in memory for readers: `oldest` to `head`, both included.
package struct RingExtent: Sendable, Hashable {
    /// `head + 1` where none is held.
    package var oldest: Int64
    /// The last event there is; 0 before the first.
    package var head: Int64

    package init(oldest: Int64, head: Int64) {
        self.oldest = oldest
        self.head = head
    }
}
