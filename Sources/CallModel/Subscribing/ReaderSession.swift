/// One stay of one reader of the stream: who it was, what it wanted, and how far it came. Kept, so that the question
/// why a popup did not come can be answered afterwards.
package struct ReaderSession: Sendable, Hashable {
    /// Why a stay ended. The raw values are stable: the journal and the API hold them.
    package enum Leaving: String, Sendable, Hashable, CaseIterable {
        /// It read too slowly, and was told so.
        case slow
        /// The daemon stopped.
        case shutdown
        /// The socket or token it came by was taken out of the configuration.
        case reconfigured
        /// There were as many readers as are allowed.
        case tooMany = "too_many"
        /// It closed the connection, or the connection broke.
        case disconnected
        /// It had asked for what there was, and got it.
        case finished

        /// How a stay ends that a `stream.bye` ended.
        package init(_ reason: ByeReason) {
            self =
                switch reason {
                case .slow: .slow
                case .shutdown: .shutdown
                case .tooMany: .tooMany
                case .reconfigured: .reconfigured
                }
        }
    }

    package var id: String
    /// The path of the socket it came by, `tcp` or `stdout`.
    package var socket: String
    /// As the kernel vouched for it when it connected; nil for TCP and stdout.
    package var uid: UInt32?
    package var pid: Int32?
    /// The name of its token, over TCP.
    package var token: String?
    /// `clear` or `masked`.
    package var numbers: String
    package var filter: EventFilter
    package var since: Timestamp
    /// When it was last known to be there; nil where it is there now.
    package var until: Timestamp?
    /// It was to get the events after this one.
    package var after: Int64
    /// The last event it was handed, or had filtered out.
    package var through: Int64
    /// Nil where it is there now, and where the daemon ended before it could be known.
    package var left: Leaving?

    package init(
        id: String, socket: String, uid: UInt32?, pid: Int32?, token: String?, numbers: String, filter: EventFilter,
        since: Timestamp, until: Timestamp?, after: Int64, through: Int64,
        left: Leaving? = nil
    ) {
        self.id = id
        self.socket = socket
        self.uid = uid
        self.pid = pid
        self.token = token
        self.numbers = numbers
        self.filter = filter
        self.since = since
        self.until = until
        self.after = after
        self.through = through
        self.left = left
    }
}
