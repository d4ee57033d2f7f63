package import CallModel

extension Timestamp {
    /// Reads what a person types for a point in time: RFC 3339, or how long ago (`90s`, `30m`, `2h`, `7d`, `2w`).
    ///
    /// How long ago is turned into a point in time once, so that it does not move when a command asks again later.
    package init?(typed text: String, now: Timestamp) {
        if let time = Timestamp(rfc3339: text) {
            self = time
        } else if let span = Span(typed: text) {
            self = now.advanced(by: .milliseconds(-span.milliseconds))
        } else {
            return nil
        }
    }
}
