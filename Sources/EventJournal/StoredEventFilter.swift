import CallModel
import GRDB

/// `EventFilter.admits`, asked of the columns of a stored event instead of the event.
///
/// In Swift and not in SQL, because texts must compare as they do there: by canonical equivalence, not by bytes.
struct StoredEventFilter {
    /// What `admits` reads, after the columns the caller needs: `type` first.
    static let columns = "type, source, direction, line, line_number, line_raw"

    private let filter: EventFilter
    private let types: Set<String>
    private let admitsAll: Bool

    init(_ filter: EventFilter) {
        self.filter = filter
        admitsAll = filter.isEmpty
        types = filter.types.isEmpty ? [] : Set(EventType.allCases.filter { Self.names(filter, $0) }.map(\.rawValue))
    }

    /// Asks the filter itself what its patterns mean.
    private static func names(_ filter: EventFilter, _ type: EventType) -> Bool {
        let probe = EventDraft(
            id: EventID(rawValue: ""), source: SourceName(provider: "", name: ""), type: type, subject: "", time: nil,
            observed: Timestamp(milliseconds: 0), data: .line(line: "", words: ProviderWords())
        )
        return EventFilter(types: filter.types).admits(probe)
    }

    /// Whether the reader wants this row, whose `columns` begin at `first`.
    func admits(_ row: Row, columnsAt first: Int) throws -> Bool {
        if admitsAll { return true }
        if !filter.types.isEmpty, !types.contains(try row.text(at: first)) { return false }
        if let source = filter.source {
            let stored = try row.text(at: first + 1)
            guard source == stored || source == SourceName(stored)?.name else { return false }
        }
        if let direction = filter.direction, row[first + 2] as String? != direction.rawValue { return false }
        return filter.line == nil || (3...5).contains { filter.isLine(row[first + $0]) }
    }
}
