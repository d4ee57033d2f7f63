/// Decides when the stream is told about input that was not understood: the first time of each kind, then at most once
/// a minute with the number of cases so far.
struct UnparsedLedger: Sendable, Codable {
    struct Line: Sendable, Codable {
        var source: SourceName
        var kind: String
        var count: Int
        var toldAt: Timestamp
    }

    /// More kinds than this are counted under the kind `other`. Kinds are ours and few; this bounds mistakes.
    static let maximumKinds = 1_000
    static let interval = Span.minutes(1)

    private var lines: [String: Line] = [:]

    /// The clock of the host was set.
    mutating func shift(by span: Span) {
        lines = lines.mapValues { line in
            var line = line
            line.toldAt = line.toldAt.advanced(by: span)
            return line
        }
    }

    /// Counts one case. The total so far where the stream is to be told, else nil.
    mutating func note(_ kind: String, from source: SourceName, at now: Timestamp) -> Int? {
        let known = lines["\(source) \(kind)"] != nil
        let kind = known || lines.count < Self.maximumKinds ? kind : "other"
        let key = "\(source) \(kind)"
        guard var line = lines[key] else {
            lines[key] = Line(source: source, kind: kind, count: 1, toldAt: now)
            return 1
        }
        line.count += 1
        let span = now.since(line.toldAt)
        // A clock that went back must not silence the source until it has caught up.
        let isDue = span >= Self.interval || span.milliseconds < 0
        if isDue { line.toldAt = now }
        lines[key] = line
        return isDue ? line.count : nil
    }
}
