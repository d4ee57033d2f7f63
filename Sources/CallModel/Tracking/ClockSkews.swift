/// Measures how far the clocks of providers are from ours. For people to see; nothing is put in order by it.
///
/// A report shows its provider's time less the time it was on its way, so the quickest reports tell best. Of the last
/// `maximumSamples` the one that a tenth exceed is taken: neither a few wrong times nor a batch of late ones move it.
struct ClockSkews: Sendable {
    static let maximumSamples = 64
    /// Fewer say nothing.
    static let minimumSamples = 5
    /// Sources are configured; this bounds those that come and go.
    static let maximumSources = 1_000

    private var ahead: [SourceName: [Int64]] = [:]

    mutating func note(_ time: Timestamp, observed: Timestamp, of source: SourceName) {
        guard ahead[source] != nil || ahead.count < Self.maximumSources else { return }
        var samples = ahead.removeValue(forKey: source) ?? []
        if samples.count >= Self.maximumSamples { samples.removeFirst() }
        samples.append(time.since(observed).milliseconds)
        ahead[source] = samples
    }

    /// The clock of the host was set: by the new one every report showed that much less.
    mutating func shift(by span: Span) {
        ahead = ahead.mapValues { $0.map { $0 - span.milliseconds } }
    }

    func skew(of source: SourceName) -> Span? {
        guard let samples = ahead[source], samples.count >= Self.minimumSamples else { return nil }
        return Span(milliseconds: samples.sorted()[(samples.count - 1) * 9 / 10])
    }
}
