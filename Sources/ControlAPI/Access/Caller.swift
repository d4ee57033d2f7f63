import CallModel
import Fanout

/// Who made a request, and by which way.
struct Caller: Sendable {
    enum Way: Sendable, Hashable {
        /// Whoever may open the socket may do everything: the file's owner, group and mode decide.
        case unixSocket
        /// A bearer token decides.
        case tcp
    }

    let way: Way
    /// The path of the socket, or `tcp`; shown in `/v1/subscribers`.
    let socket: String
    let peer: PeerCredentials?
    /// The name of the token, once it has been checked.
    var token: String?

    /// For logs.
    var name: String {
        if let token { return "token \(token)" }
        return peer.map { "uid \($0.uid)" } ?? socket
    }
}
