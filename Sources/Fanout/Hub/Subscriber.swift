package import CallModel

/// One reader of the stream, as `GET /v1/subscribers` shows it.
package struct Subscriber: Sendable, Hashable {
    package let id: SubscriberID
    /// The path of the socket it came by, or `stdout`.
    package let socket: String
    /// Nil for stdout and for readers over TCP.
    package let peer: PeerCredentials?
    package let numbers: EventEncoder.Numbers
    package let since: Timestamp
    /// What it asked for; a plain reader gets all.
    package var filter = EventFilter()
    /// The name of its token, over TCP.
    package var token: String?
    /// It was to get the events after this one.
    package var after: Int64 = 0
    /// The last event it was sent, or had filtered out.
    package var cursor: Int64
    /// Handed to the operating system for it, but not taken yet, as far as we can see.
    package var pendingBytes: Int
    /// Lines, of events and to it alone.
    package var sentLines: Int64
    /// Why it was sent away, while it has not taken its farewell.
    package var leaving: ByeReason?

    /// How many events it is behind.
    package func lag(head: Int64) -> Int64 { max(0, head - cursor) }
}
