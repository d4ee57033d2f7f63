import CallModel
import EventJournal

/// Tells the name of a source from a mistyped one, for which the stream would be silent for ever.
struct SourceWish: Sendable {
    let configured: [SourceName]
    let reads: JournalReads

    /// Throws 400 with the configured names where `name` is neither configured nor the source of any event that is
    /// kept: what a source has brought can be read after it is gone from the configuration.
    ///
    /// - Complexity: a name that is not configured is looked for in the journal, page by page, from the oldest event.
    func check(_ name: String?, in journal: EventJournal, until stop: StreamStop) async throws(Problem) {
        guard let name, !configured.contains(where: { $0.description == name || $0.name == name }) else { return }
        let filter = EventFilter(source: name)
        var position = journal.oldest - 1
        let head = journal.head
        while position < head, stop.reason == nil {
            let page = try await reads.run { [position] journal throws(JournalError) in
                try journal.events(after: position, limit: 1, filter: filter)
            }
            if !page.lines.isEmpty { return }
            guard page.scannedTo > position else { break }
            position = page.scannedTo
        }
        throw .invalidParameter(
            "source", "no source \"\(name.prefix(64))\" is configured, and no event that is kept came from one",
            allowed: configured.map(\.description)
        )
    }
}
