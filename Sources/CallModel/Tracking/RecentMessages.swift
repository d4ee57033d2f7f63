/// The messages told a short while ago, of sources that have nothing but the words to know a repetition by.
struct RecentMessages: Sendable, Codable {
    /// More than this at once make room for the newest: then a repetition of the oldest is told.
    static let maximumCount = 10_000

    /// The end of each one's window.
    private var windows: [String: Timestamp] = [:]

    /// The clock of the host was set.
    mutating func shift(by span: Span) {
        windows = windows.mapValues { $0.advanced(by: span) }
    }

    /// Whether it is no repetition; if so, its window begins.
    mutating func isNew(_ repetition: MessageReport.Repetition, at now: Timestamp) -> Bool {
        if let end = windows[repetition.key], now <= end, end.since(now) <= repetition.window { return false }
        windows = windows.filter { $0.value >= now }
        if windows.count >= Self.maximumCount, let oldest = windows.min(by: { $0.value < $1.value }) {
            windows[oldest.key] = nil
        }
        windows[repetition.key] = now.advanced(by: repetition.window)
        return true
    }
}
