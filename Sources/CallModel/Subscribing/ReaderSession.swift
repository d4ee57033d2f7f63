/// One stay of one reader of the stream: who it was, what it wanted, and how far it came. Kept, so that the question why a
/// popup did not come can be answered afterwards.
package struct ReaderSession: Sendable, Hashable {
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

    package init(
        id: String, socket: String, uid: UInt32?, pid: Int32?, token: String?, numbers: String, filter: EventFilter,
        since: Timestamp, until: Timestamp?, after: Int64, through: Int64
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
    }
}
