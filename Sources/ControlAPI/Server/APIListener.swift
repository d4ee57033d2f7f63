/// Where the API listens.
package enum APIListener: Sendable, Hashable {
    /// Whoever may open the socket may do everything. `group` nil: the group of the process. Removed at the end.
    case unix(path: String, mode: UInt32 = 0o660, group: String? = nil)
    /// A listening socket handed over by the service manager, not ours to remove. One over TCP asks for tokens.
    case inherited(descriptor: Int32)
    /// Plain HTTP, hence on a loopback address only; asks for tokens. Port 0: any.
    case tcp(host: String, port: Int)
}
