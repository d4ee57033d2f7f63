package import NIOCore

/// What bounds the API. Every bound is one a client can run into.
package struct APILimits: Sendable {
    /// A larger request body is answered 413.
    package static let maximumBodyBytes = 64 << 10
    /// Larger request headers (or URL) are answered 431.
    package static let maximumHeaderBytes = 8 << 10
    /// Events read, and kept in memory for one stream, at a time: some 128 KiB.
    package static let pageLines = 128

    /// Connections a listener has open at once; more wait to be accepted.
    package var maximumConnections = 256
    /// Streams being read at once; more are answered 503, which leaves connections for everything else.
    package var maximumStreams = 200
    /// A connection on which no request arrives, or whose request head is not complete, for this long is closed.
    package var idleTimeout: TimeAmount = .seconds(60)
    /// A request must be complete this long after its head, however steadily its body drips.
    package var requestDeadline: TimeAmount = .seconds(10)
    /// A connection that takes no byte of what is written to it for this long is closed.
    package var stallTimeout: TimeAmount = .seconds(60)
    /// From one `stream.bookmark` to the next.
    package var bookmarkInterval: Duration = .seconds(15)
    /// From the order to stop to the end of connections that still have something to say. The daemon stops within 2 s.
    package var stopBudget: TimeAmount = .milliseconds(1_500)

    package init() {}
}
