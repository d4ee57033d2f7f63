/// Durations in ns, sorted.
struct Quantiles: Sendable {
    private let sorted: [Int64]

    init(_ values: [Int64]) {
        sorted = values.sorted()
    }

    var count: Int { sorted.count }

    /// The smallest value that at least this part of all does not exceed, in ms.
    func milliseconds(_ part: Double) -> Double {
        guard !sorted.isEmpty else { return .nan }
        let rank = Int((part * Double(sorted.count)).rounded(.up))
        return Double(sorted[min(max(rank - 1, 0), sorted.count - 1)]) / 1_000_000
    }
}
