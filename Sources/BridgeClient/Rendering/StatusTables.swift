package import CallModel

/// Lists what the daemon says about its sources and its readers.
package struct StatusTables: Sendable {
    private let style: TerminalStyle
    private let clock: WallClock

    package init(style: TerminalStyle, clock: WallClock = .local) {
        self.style = style
        self.clock = clock
    }

    /// `now` decides which times need a date. `columns`: the width of the terminal; nil: lines are as long as they
    /// are.
    package func sourceLines(_ sources: [JSONValue], now: Timestamp, columns: Int? = nil) -> [String] {
        var table = Table(["SOURCE", "STATE", "SINCE", "LAST EVENT", "UNPARSED", "ERROR AT", "LAST ERROR"])
        for source in sources {
            let state = source["state"]?.text ?? "?"
            let paint: TerminalStyle.Paint? =
                switch state {
                case "up": .green
                case "down": .red
                case "passive": .dim
                default: .yellow
                }
            table.append([
                .init(source["source"]?.text), .init(state, paint), .init(moment(source["since"], now)),
                .init(moment(source["last_event"], now)), .init(source["counters"]?["unparsed"]?.text),
                .init(moment(source["last_error_at"], now)), .init(source["last_error"]?.text),
            ])
        }
        return table.lines(style: style, columns: columns, wrapsLast: true)
    }

    package func subscriberLines(_ subscribers: [JSONValue], now: Timestamp, columns: Int? = nil) -> [String] {
        // A reader that was sent away and has not gone is rare, and then it is what one looks for.
        let someLeave = subscribers.contains { $0["leaving"] != nil }
        var table = Table(
            ["ID", "SOCKET", "UID", "PID", "SINCE", "CURSOR", "LAG", "PENDING"] + (someLeave ? ["LEAVING"] : []))
        for subscriber in subscribers {
            table.append(
                [
                    .init(subscriber["id"]?.text), .init(subscriber["socket"]?.text), .init(subscriber["uid"]?.text),
                    .init(subscriber["pid"]?.text), .init(moment(subscriber["since"], now)),
                    .init(subscriber["cursor"]?.text), .init(subscriber["lag"]?.text),
                    .init(subscriber["pending_bytes"]?.text),
                ] + (someLeave ? [.init(subscriber["leaving"]?.text)] : []))
        }
        return table.lines(style: style, columns: columns)
    }

    private func moment(_ value: JSONValue?, _ now: Timestamp) -> String? {
        value?.string.flatMap { Timestamp(rfc3339: $0) }.map { clock.short($0, now: now) }
    }
}
