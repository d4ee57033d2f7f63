package import CallModel

/// What somebody who follows the stream asked for.
package struct TailRequest: Sendable, Hashable {
    package enum Start: Sendable, Hashable {
        /// Only what happens from now on.
        case live
        case oldest
        case after(Cursor)
        case since(Timestamp)
    }

    package var start: Start
    package var filter: Filter
    /// Whether to stay when the head of the journal is reached.
    package var follow: Bool
    /// Whether to begin with the calls that are live.
    package var snapshot: Bool

    /// The reader's wishes as typed; the daemon judges them.
    package struct Filter: Sendable, Hashable {
        package var types: String?
        package var source: String?
        package var line: String?
        package var direction: Direction?

        package init(types: String? = nil, source: String? = nil, line: String? = nil, direction: Direction? = nil) {
            self.types = types
            self.source = source
            self.line = line
            self.direction = direction
        }
    }

    package init(start: Start = .live, filter: Filter = Filter(), follow: Bool = true, snapshot: Bool = false) {
        self.start = start
        self.filter = filter
        self.follow = follow
        self.snapshot = snapshot
    }

    /// The request for a stream that goes on after `cursor`, or begins at `start` where there is none yet.
    package func apiRequest(after cursor: Cursor?, snapshot: Bool) -> APIRequest {
        var query: [APIRequest.Parameter] = []
        if let cursor {
            query.append(.init("after", cursor.description))
        } else {
            switch start {
            case .live: break
            case .oldest: query.append(.init("after", "oldest"))
            case .after(let cursor): query.append(.init("after", cursor.description))
            case .since(let time): query.append(.init("since", time.description))
            }
        }
        if let types = filter.types { query.append(.init("types", types)) }
        if let source = filter.source { query.append(.init("source", source)) }
        if let line = filter.line { query.append(.init("line", line)) }
        if let direction = filter.direction { query.append(.init("direction", direction.rawValue)) }
        if snapshot { query.append(.init("snapshot", "true")) }
        if !follow { query.append(.init("follow", "false")) }
        return APIRequest(.get, ["v1", "events"], query: query)
    }
}
