/// Makes one health of a source of the healths of its pollers: an OVH source with three tokens is degraded, not down,
/// when one of them is refused. Where there is one poller, other parts of the source may have a word of their own, as
/// what is asked of its provider: the worst word counts.
package struct SourceHealth: Sendable {
    /// The last word of each poller.
    private var slots: [String: SourceReport] = [:]
    private let expected: Int
    /// What the stream was last told of the source, gaps apart; nil before anything was.
    package private(set) var told: SourceReport.Change?

    /// - Parameter expected: how many pollers the source has.
    package init(pollers expected: Int) {
        self.expected = expected
    }

    /// Takes in what one poller reports; what the stream is to be told, if anything.
    package mutating func note(_ report: SourceReport, slot: String) -> SourceReport? {
        if report.change == .gap { return report }
        slots[slot] = report
        // In one order, so that of several reasons every run tells the same.
        let words = slots.sorted { $0.key < $1.key }.map(\.value)
        let down = words.filter { $0.change == .down }
        var combined = report
        if expected == 1 {
            combined = down.first ?? words.first { $0.change == .degraded } ?? report
        } else if down.isEmpty {
            combined = words.first { $0.change == .degraded } ?? report
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
