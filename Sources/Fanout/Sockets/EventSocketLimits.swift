package import CallModel

/// The bounds of the event sockets. What one reader can make us hold is `pendingBytes`, one line, and what the kernel
/// holds for its socket.
package struct EventSocketLimits: Sendable, Hashable {
    /// Readers on all sockets together; one more takes the place of one that was sent away and has not gone, or is told
    /// `too_many`. Keep it below the limit on open files.
    package var readers: Int
    /// A reader is given lines until this much waits to be taken.
    package var pendingBytes: Int
    /// Readers send nothing; what one sends is read and thrown away up to this much, and no more is read after it.
    package var inputBytes: Int
    /// How long readers may take for the farewell at shutdown.
    package var shutdownGrace: Span
    /// Of every reader on every socket.
    package var policy: SubscriberStateMachine.Policy

    package init(
        readers: Int = 256, pendingBytes: Int = 64 << 10, inputBytes: Int = 64 << 10,
        shutdownGrace: Span = .milliseconds(1_500), policy: SubscriberStateMachine.Policy = .init()
    ) {
        self.readers = readers
        self.pendingBytes = max(1, pendingBytes)
        self.inputBytes = inputBytes
        self.shutdownGrace = shutdownGrace
        self.policy = policy
    }
}
