/// Asks a connection, as an outbound user event, to end: once everything written has been taken, not before.
///
/// Closing at once would throw away what the kernel has not taken yet, the farewell first of all.
struct FinishConnection: Sendable {}
