/// How long to wait after the n-th failure in a row: exponential with full jitter, so that a thousand pollers of one
/// broken server do not come back together.
package struct Backoff: Sendable, Hashable {
    /// The ceiling of the first wait; each failure in a row doubles it.
    package var base: Span
    /// No wait is longer.
    package var cap: Span

    package init(base: Span = .milliseconds(500), cap: Span = .seconds(60)) {
        self.base = base
        self.cap = cap
    }

    /// - Parameters:
    ///   - failures: failures in a row, from 1.
    ///   - random: uniform in 0..<1.
    /// - Returns: between a quarter of the base and the cap.
    package func delay(afterFailures failures: Int, random: Double) -> Span {
        let exponent = min(max(failures - 1, 0), 30)
        let ceiling = min(cap.milliseconds, base.milliseconds << Int64(exponent))
        let floor = base.milliseconds / 4
        return Span(milliseconds: max(floor, Int64(Double(ceiling) * random)))
    }
}
