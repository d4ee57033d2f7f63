/// Makes one health of a source of the healths of its pollers: an OVH source with three tokens is degraded, not down,
/// when one of them is refused. Where there is one poller, other parts of the source may have a word of their own, as
/// what is asked of its provider: the worst word counts.
package struct SourceHealth: Sendable {
    /// The last word of each poller.
    private var slots: [String: SourceReport] = [:]
    private let expected: Int
    /// What the stream was last told of the source, gaps apart; nil before anything was.
    package private(set) var told: SourceReport.Change?
    /// The pollers that were not up then, and those that are not now.
    private var failingWhenTold: Set<String> = []
    private var failing: Set<String> { Set(slots.filter { $0.value.change != .up }.keys) }

    /// - Parameter expected: how many pollers the source has.
    package init(pollers expected: Int) {
        self.expected = expected
    }

    /// Takes in what one poller reports; what the stream is to be told, if anything.
    package mutating func note(_ report: SourceReport, slot: String) -> SourceReport? {
        if report.change == .gap { return report }
        slots[slot] = report
        guard let combined = combined(after: report), combined.change != told else { return nil }
        told = combined.change
        failingWhenTold = failing
        return combined
    }

    /// Whether part of the source fails, and another part than the stream was told.
    package var isOutdated: Bool { told == .degraded && failing != failingWhenTold }

    /// What the stream is to be told where that is so. For whoever asks now and then: the pollers of one server fail
    /// and recover together, and would each be news.
    package mutating func tellAgain() -> SourceReport? {
        let first = slots.sorted { $0.key < $1.key }.first { $0.value.change != .up }
        guard isOutdated, let first else { return nil }
        failingWhenTold = failing
        return combined(after: first.value)
    }

    private func combined(after report: SourceReport) -> SourceReport? {
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
        return combined
    }
}
