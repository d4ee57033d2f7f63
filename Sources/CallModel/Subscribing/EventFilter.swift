/// Which events a reader wants. An empty filter wants all.
package struct EventFilter: Sendable, Hashable {
    /// Exact types (`call.ended`) and families (`call.*`).
    package var types: [String]
    /// `provider/name`, or the configured name alone.
    package var source: String?
    /// One of our lines, as the reader wrote it: the `line` or number of the local party.
    package var line: String?
    /// The other texts that mean the same line: those of its number in any notation (`NumberPlan.spellings`).
    package var lineSpellings: [String]
    package var direction: Direction?

    package init(
        types: [String] = [], source: String? = nil, line: String? = nil, lineSpellings: [String] = [],
        direction: Direction? = nil
    ) {
        self.types = types
        self.source = source
        self.line = line
        self.lineSpellings = lineSpellings
        self.direction = direction
    }

    /// Whether it wants all.
    package var isEmpty: Bool { self == EventFilter() }

    /// Whether the reader gets this event. With a line or a direction wished for only events of calls do.
    package func admits(_ draft: EventDraft) -> Bool {
        guard types.isEmpty || types.contains(where: { Self.pattern($0, matches: draft.type.rawValue) }) else {
            return false
        }
        if let source, source != draft.source.description, source != draft.source.name { return false }
        if line == nil, direction == nil { return true }
        guard case .call(let call) = draft.data else { return false }
        if let direction, direction != call.direction { return false }
        guard line != nil else { return true }
        guard let local = call.local else { return false }
        return [local.line, local.number, local.raw].contains(where: isLine)
    }

    /// Whether the text is one of those that mean the line.
    package func isLine(_ text: String?) -> Bool {
        guard let text else { return false }
        return text == line || lineSpellings.contains(text)
    }

    /// The same, with the line in every notation that a number has by these plans.
    package func spelled(by plans: [NumberPlan]) -> EventFilter {
        var filter = self
        filter.lineSpellings = line.map { NumberPlan.spellings(of: $0, in: plans) } ?? []
        return filter
    }

    /// Whether `pattern` could name anything at all: `call.*` or a known type.
    package static func isKnown(pattern: String) -> Bool {
        (EventType.allCases.map(\.rawValue) + StreamEventType.allCases.map(\.rawValue)).contains {
            Self.pattern(pattern, matches: $0)
        }
    }

    private static func pattern(_ pattern: String, matches type: String) -> Bool {
        if pattern == "*" { return true }
        if pattern.hasSuffix(".*") { return type.hasPrefix(pattern.dropLast()) }
        return pattern == type
    }
}
