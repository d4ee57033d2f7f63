/// Why a reader is sent away; `reason` of `stream.bye`.
package enum ByeReason: String, Sendable, Hashable, CaseIterable {
    /// It did not read, and what it has not read is no longer in memory. It may resume from its cursor.
    case slow
    /// The daemon stops.
    case shutdown
    /// There are as many readers as are allowed.
    case tooMany = "too_many"
    /// The socket it came by is no longer configured, or no longer as it was.
    case reconfigured
}
