/// A durable event as readers get it: its place, and its line in clear.
package struct StreamLine: Sendable {
    package let seq: Int64
    /// The event itself, for filters and for other encodings of it; nil where the line was read back from the journal
    /// (which has already applied the reader's filter).
    package let event: Event?
    /// The event's type, `call.ringing`.
    package let type: String
    /// The encoded line with numbers in clear, with its line break.
    package let bytes: [UInt8]

    package init(seq: Int64, event: Event?, type: String, bytes: [UInt8]) {
        self.seq = seq
        self.event = event
        self.type = type
        self.bytes = bytes
    }
}
