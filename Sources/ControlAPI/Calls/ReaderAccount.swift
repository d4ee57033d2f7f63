import CallModel

/// What one reader of the stream was sent of a call, and why not the rest.
struct ReaderAccount {
    struct Line {
        var seq: Int64
        var type: String
        /// Whether the reader's filter lets it pass.
        var isWanted: Bool
    }

    private let reader: ReaderSession
    private let all: [Line]
    let sent: [Line]
    let excluded: [Line]

    init(_ reader: ReaderSession, _ lines: [Line]) {
        self.reader = reader
        all = lines
        excluded = lines.filter { !$0.isWanted }
        sent = lines.filter { $0.isWanted && reader.after < $0.seq && $0.seq <= reader.through }
    }

    /// For a person who asks why a popup did not come.
    var verdict: String {
        if all.isEmpty { return "nothing was told of this call" }
        if sent.count == all.count { return all.count == 1 ? "sent the one event" : "sent all \(all.count) events" }
        if excluded.count == all.count {
            return "not sent: its filter excludes this call (\(reader.filter.query ?? "none"))"
        }
        var parts = [sent.isEmpty ? "not sent" : "sent \(sent.count) of \(all.count) event\(all.count == 1 ? "" : "s")"]
        if !excluded.isEmpty {
            parts.append("its filter excludes \(Self.types(excluded)) (\(reader.filter.query ?? "none"))")
        }
        let before = all.filter { $0.isWanted && $0.seq <= reader.after }
        if !before.isEmpty {
            parts.append("it connected at \(reader.since), after \(Self.types(before)), and did not ask for them")
        }
        let after = all.filter { $0.isWanted && $0.seq > reader.through && $0.seq > reader.after }
        if !after.isEmpty { parts.append("\(end) \(Self.types(after))") }
        return parts.joined(separator: "; ")
    }

    /// Why what came later did not reach it, up to the types.
    private var end: String {
        guard let until = reader.until else { return "it is there and has not been handed yet" }
        return switch reader.left {
        case .slow: "it was cut off at \(until) because it read too slowly, before"
        case .shutdown: "the daemon stopped at \(until), before"
        case .reconfigured: "its socket or token was taken away at \(until), before"
        case .tooMany: "it was sent away at \(until) because there were too many readers, before"
        case .finished: "it had what it asked for at \(until), before"
        case .disconnected: "it had disconnected at \(until), before"
        case nil: "it was last seen at \(until), before"
        }
    }

    private static func types(_ lines: [Line]) -> String {
        var counts: [(type: String, count: Int)] = []
        for line in lines {
            if let index = counts.firstIndex(where: { $0.type == line.type }) {
                counts[index].count += 1
            } else {
                counts.append((line.type, 1))
            }
        }
        return counts.map { $0.count == 1 ? $0.type : "\($0.count) \($0.type)" }.joined(separator: ", ")
    }
}

extension EventFilter {
    /// As the query of the request has it; nil where nothing was left out.
    var query: String? {
        var parts: [String] = []
        if !types.isEmpty { parts.append("types=\(types.joined(separator: ","))") }
        if let source { parts.append("source=\(source)") }
        if let line { parts.append("line=\(line)") }
        if let direction { parts.append("direction=\(direction.rawValue)") }
        return parts.isEmpty ? nil : parts.joined(separator: "&")
    }
}
