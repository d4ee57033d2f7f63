/// Makes one health of a source of the healths of its pollers: an OVH source with three tokens is degraded, not down,
/// when one of them is refused.
package struct SourceHealth: Sendable {
    private struct Slot {
        var isDown = false
        var hasAnswered = false
        var reason = ""
    }

    private var slots: [String: Slot] = [:]
    private let expected: Int
    package private(set) var told: SourceReport.Change?

    /// - Parameter expected: how many pollers the source has.
    package init(pollers expected: Int) {
        self.expected = expected
    }

    /// Takes in what one poller reports; what the stream is to be told, if anything.
    package mutating func note(_ report: SourceReport, slot: String) -> SourceReport? {
        if report.change == .gap { return report }
        guard expected > 1 else {
            guard told != report.change else { return nil }
            told = report.change
            return report
        }
        slots[slot] = Slot(
            isDown: report.change == .down, hasAnswered: report.change != .down, reason: report.reason)
        let down = slots.values.filter(\.isDown)
        var combined = report
        if down.isEmpty {
            combined.change = report.change == .degraded ? .degraded : .up
            guard slots.count == expected || told != nil || combined.change == .degraded else { return nil }
        } else if down.count == expected {
            combined.change = .down
        } else {
            combined.change = .degraded
            combined.reason = "\(down.count) of \(expected) tokens fail: \(down[0].reason)"
        }
        guard combined.change != told else { return nil }
        told = combined.change
        return combined
    }
}
