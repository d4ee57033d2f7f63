/// Notices that the clock of the host was set, by the clock that cannot be.
///
/// What creeps by less than `tolerance` is left to add up: it moves no deadline that anybody would notice.
package struct ClockWatch: Sendable {
    /// No smaller change is told.
    package static let tolerance = Span.seconds(1)

    private var offset: Span
    /// The last change and when it was noticed, by the clock that only goes on.
    private var last: (change: Span, at: Timestamp)?

    /// - Parameters:
    ///   - wall: the time of day.
    ///   - ticks: the same moment by a clock that only goes on, from any beginning.
    package init(wall: Timestamp, ticks: Timestamp) {
        offset = wall.since(ticks)
    }

    /// By how much the clock was set since the last time a change was told; nil where it was not.
    package mutating func change(wall: Timestamp, ticks: Timestamp) -> Span? {
        let now = wall.since(ticks)
        let change = Span(milliseconds: now.milliseconds - offset.milliseconds)
        guard change.milliseconds.magnitude > Self.tolerance.milliseconds.magnitude else { return nil }
        offset = now
        last = (change, ticks)
        return change
    }

    /// What the clock as it is set now would have shown where it showed `stamp`. It is another time only for what was
    /// stamped before the clock was last set, and has waited since.
    ///
    /// - Parameter ticks: when it was handed over, a moment after it was stamped, by the clock that only goes on.
    package func moved(_ stamp: Timestamp, handedOver ticks: Timestamp) -> Timestamp {
        // What is handed over well after the change was stamped after it as well.
        guard let last, ticks.since(last.at) <= Self.tolerance else { return stamp }
        let handedOver = ticks.advanced(by: offset)
        let moved = stamp.advanced(by: last.change)
        func distance(_ time: Timestamp) -> UInt64 { time.since(handedOver).milliseconds.magnitude }
        return distance(moved) < distance(stamp) ? moved : stamp
    }
}
