/// A Unix socket on which every reader gets the event stream.
package struct SocketConfiguration: Sendable, Hashable {
    /// Whether readers of the socket see phone numbers and names.
    package enum Numbers: String, Sendable, CaseIterable {
        case clear
        /// The middle of every phone number is hidden.
        case masked
    }

    /// Absolute, or relative to the runtime directory.
    package let path: String
    /// Permission bits, `0o660`.
    package let mode: UInt32
    /// Nil: the group of the daemon.
    package let group: SocketGroup?
    package let numbers: Numbers
}

/// The group that a socket is handed to.
package struct SocketGroup: Sendable, Hashable {
    package let name: String
    /// False for a default: the socket keeps the daemon's group where this one does not exist.
    package let isRequired: Bool
}
