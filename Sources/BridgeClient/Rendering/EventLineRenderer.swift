package import CallModel

/// Shows an event as one line for a person.
///
/// `09:30:12.125  ovh/paris        connected    +33639980001 (Jean Petit) → +33199000010  rang 12s`
///
/// The remote side is always on the left; the arrow tells who called whom. `~` before the state: we concluded it, the
/// provider did not say it. A line with the date comes before the first event of each day.
package struct EventLineRenderer: Sendable {
    private static let sourceColumns = 16
    private static let stateColumns = 12

    let style: TerminalStyle
    let parties: PartyText
    private let clock: WallClock
    private var date: String?

    package init(style: TerminalStyle, numbers: EventEncoder.Numbers = .clear, clock: WallClock = .local) {
        self.style = style
        self.clock = clock
        parties = PartyText(numbers: numbers)
    }

    /// The line of `event` with its line break, and before it the line of a new day where it is the first one of that.
    package mutating func lines(for event: JSONValue) -> String {
        let stamp = event["time"]?.string ?? event["observed"]?.string
        let time = stamp.flatMap { Timestamp(rfc3339: $0) }
        var lines = ""
        if let time {
            let date = clock.date(time)
            if date != self.date { lines += style.paint("-- \(date) --", .dim) + "\n" }
            self.date = date
        }
        return lines + line(for: event, time: time) + "\n"
    }

    /// The line alone, without date and line break.
    package func line(for event: JSONValue, time: Timestamp?) -> String {
        let type = event["type"]?.text ?? "?"
        let data = event["data"] ?? .null
        let snapshotSource = type == "stream.snapshot" ? data["source"] : nil
        let clockText = time.map(clock.exactTime) ?? "            "
        let source = TerminalText.cut(
            TerminalText.plain((snapshotSource ?? event["source"])?.text ?? "?"), to: Self.sourceColumns)
        let body = body(type: type, subject: event["subject"]?.text, data: data)
        let mark = data["basis"]?.text == "inferred" ? "~" : " "
        var line = style.paint(clockText, .dim) + "  "
        line += style.paint(TerminalText.padded(source, to: Self.sourceColumns), .cyan) + " "
        line += style.paint(mark, .yellow)
        line += style.paint(TerminalText.padded(body.state, to: Self.stateColumns), body.paint)
        for part in [body.what] + body.details where !part.isEmpty { line += " " + part }
        return line
    }

    /// What a line says after the source.
    struct Body {
        var state: String
        var paint: TerminalStyle.Paint?
        var what: String
        var details: [String] = []
    }

    private func body(type: String, subject: String?, data: JSONValue) -> Body {
        let dot = type.firstIndex(of: ".")
        let family = dot.map { type[..<$0] } ?? ""
        let word = TerminalText.plain(dot.map { String(type[type.index(after: $0)...]) } ?? type)
        switch family {
        case "call": return call(word, data)
        case "message": return message(word, data)
        case "source": return source(word, data)
        case "queue": return queue(word, data)
        case "stream" where word == "snapshot": return call(data["state"]?.text.map(TerminalText.plain) ?? "?", data)
        case "stream": return Body(state: word, paint: .dim, what: scalars(data, TerminalText.plain))
        case "line":
            return Body(state: word, paint: .dim, what: (data["line"]?.text ?? subject).map(parties.masked) ?? "")
        default:
            return Body(state: TerminalText.plain(type), what: scalars(data, parties.words))
        }
    }

    /// For types this client does not know: the scalar fields as they are, at most 200 characters.
    private func scalars(_ data: JSONValue, _ shown: (String) -> String) -> String {
        let fields = (data.members ?? []).compactMap { member in
            member.value.text.map { "\(member.name)=\($0)" }
        }
        return String(shown(fields.joined(separator: " ")).prefix(200))
    }
}
