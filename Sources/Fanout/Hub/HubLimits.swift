/// How much of the stream is kept in memory for readers that lag. A reader further behind has to ask the journal.
package struct HubLimits: Sendable, Hashable {
    /// One at least.
    package var lines: Int
    /// About what the lines take, in all encodings that are held and with the fields of their events. One line is
    /// always held, however long.
    package var bytes: Int

    package init(lines: Int = 16_384, bytes: Int = 24 << 20) {
        self.lines = max(1, lines)
        self.bytes = bytes
    }
}
