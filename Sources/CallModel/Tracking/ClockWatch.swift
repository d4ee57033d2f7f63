/// Notices that the clock of the host was set, by the clock that cannot be.
///
/// What creeps by less than `tolerance` is left to add up: it moves no deadline that anybody would notice.
package struct ClockWatch: Sendable {
    package static let tolerance = Span.seconds(1)

    private var offset: Span

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
        return change
    }
}
