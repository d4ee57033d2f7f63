package import CallModel

/// Lists calls: the live ones with how long they have been in their state, the past ones with how they came out.
package struct CallTable: Sendable {
    private let style: TerminalStyle
    private let parties: PartyText
    private let clock: WallClock

    package init(style: TerminalStyle, numbers: EventEncoder.Numbers = .clear, clock: WallClock = .local) {
        self.style = style
        self.clock = clock
        parties = PartyText(numbers: numbers)
    }

    /// STATE, DIR, REMOTE, LOCAL, FOR, SOURCE, ID; `FOR` is the time in the state, or the talk time of an ended call.
    package func lines(_ calls: [JSONValue], now: Timestamp, columns: Int? = nil) -> [String] {
        var table = Table(["STATE", "DIR", "REMOTE", "LOCAL", "FOR", "SOURCE", "ID"])
        for call in calls {
            table.append([
                state(of: call), .init(direction(of: call)), .init(remote(of: call)),
                .init(parties.text(call["local"])), .init(duration(of: call, now: now)?.text),
                .init(call["source"]?.text), .init(call["id"]?.text, .dim),
            ])
        }
        return table.lines(style: style, columns: columns)
    }

    /// WHEN, REMOTE, LOCAL, OUTCOME, WAITED, SOURCE, ID: what somebody needs who calls back.
    package func missedLines(_ calls: [JSONValue], now: Timestamp, columns: Int? = nil) -> [String] {
        var table = Table(["WHEN", "REMOTE", "LOCAL", "OUTCOME", "WAITED", "SOURCE", "ID"])
        for call in calls {
            let outcome = call["outcome"]?.text ?? "?"
            let waited = call["wait_ms"]?.integer ?? call["ring_ms"]?.integer
            table.append([
                .init(started(of: call).map { clock.short($0, now: now) }), .init(remote(of: call)),
                .init(parties.text(call["local"])), .init(outcome, EventLineRenderer.paint(outcome: outcome)),
                .init(waited.map { Span(milliseconds: $0).text }), .init(call["source"]?.text),
                .init(call["id"]?.text, .dim),
            ])
        }
        return table.lines(style: style, columns: columns)
    }

    private func remote(of call: JSONValue) -> String? {
        parties.text(call["remote"], name: call["contact"]?["name"])
    }

    private func state(of call: JSONValue) -> Table.Cell {
        let mark = call["basis"]?.text == "inferred" ? "~" : ""
        if let outcome = call["outcome"]?.text {
            return .init(mark + outcome, EventLineRenderer.paint(outcome: outcome))
        }
        let state = call["state"]?.text ?? "?"
        let paint: TerminalStyle.Paint? =
            switch state {
            case "connected": .green
            case "ended": .dim
            default: .yellow
            }
        // Nobody has said anything of it since the daemon started again.
        let isStale = call["stale"]?.text == "true"
        return .init(mark + state + (isStale ? " (stale)" : ""), isStale ? .dim : paint)
    }

    private func direction(of call: JSONValue) -> String? {
        switch call["direction"]?.text {
        case "inbound": "in"
        case "outbound": "out"
        case let direction: direction
        }
    }

    /// Of a live call, the time since it was connected, else since it began to ring, else since it was heard of.
    private func duration(of call: JSONValue, now: Timestamp) -> Span? {
        if call["state"]?.text == "ended" {
            return (call["talk_ms"] ?? call["ring_ms"] ?? call["wait_ms"])?.integer.map { Span(milliseconds: $0) }
        }
        let since = ["connected", "ringing"].lazy.compactMap { time(of: call, $0) }.first ?? started(of: call)
        return since.map { now.since($0) }
    }

    private func started(of call: JSONValue) -> Timestamp? {
        ["started", "ringing", "connected", "ended"].lazy.compactMap { time(of: call, $0) }.first
    }

    private func time(of call: JSONValue, _ name: String) -> Timestamp? {
        call["times"]?[name]?.string.flatMap { Timestamp(rfc3339: $0) }
    }
}
