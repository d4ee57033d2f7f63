package import CallModel

/// Shows one call with everything that was said about it, and what followed from that.
package struct CallDetail: Sendable {
    /// More of a provider's raw words than this is cut.
    private static let maximumRawCharacters = 2_000

    private let style: TerminalStyle
    private let parties: PartyText
    private let clock: WallClock
    private let showsRaw: Bool

    /// - Parameter showsRaw: Whether to show what the provider sent, byte for byte as far as a terminal can.
    package init(
        style: TerminalStyle, numbers: EventEncoder.Numbers = .clear, clock: WallClock = .local, showsRaw: Bool = false
    ) {
        self.style = style
        self.clock = clock
        self.showsRaw = showsRaw && numbers == .clear
        parties = PartyText(numbers: numbers)
    }

    /// Takes the answer of `GET /v1/calls/{id}`, or a call alone.
    package func text(_ document: JSONValue) -> String {
        let call = document["call"] ?? document
        var lines: [String] = []
        func add(_ name: String, _ value: String?) {
            guard let value, !value.isEmpty else { return }
            lines.append(style.paint(TerminalText.padded(name, to: 10), .dim) + " " + value)
        }
        func plain(_ value: JSONValue?) -> String? { value?.text.map(TerminalText.plain) }
        add("call", plain(call["id"]))
        add("source", plain(call["source"]))
        let isStale = call["stale"]?.text == "true"
        add(
            "state",
            plain(call["state"]).map { $0 + (isStale ? " (stale: not heard of since the daemon started)" : "") })
        add("outcome", plain(call["outcome"]).map { style.paint($0, EventLineRenderer.paint(outcome: $0)) })
        add(
            "cause",
            [plain(call["cause"]?["code"]), plain(call["cause"]?["raw"])].compactMap(\.self).joined(separator: ", "))
        add("direction", plain(call["direction"]))
        add("remote", parties.text(call["remote"], name: call["contact"]?["name"]))
        add("local", parties.text(call["local"]))
        add("dialed", parties.text(call["dialed"]))
        add("diverted", parties.text(call["diverted_by"]))
        add("queue", plain(call["queue"]?["name"]))
        for name in ["started", "ringing", "connected", "ended"] {
            guard let stamp = call["times"]?[name]?.string else { continue }
            add(
                name,
                Timestamp(rfc3339: stamp).map { "\(clock.date($0)) \(clock.exactTime($0))" }
                    ?? TerminalText.plain(stamp))
        }
        for (label, name) in [("rang", "ring_ms"), ("talked", "talk_ms"), ("waited", "wait_ms")] {
            add(label, call[name]?.integer.map { Span(milliseconds: $0).text })
        }
        add("session", plain(call["session"]))
        if call["basis"]?.text == "inferred" { add("inferred", plain(call["why"]) ?? "without a reason given") }
        return (lines + history(document["history"]?.array ?? [])).joined(separator: "\n") + "\n"
    }

    private func history(_ entries: [JSONValue]) -> [String] {
        guard !entries.isEmpty else { return [] }
        var renderer = EventLineRenderer(style: style, numbers: parties.numbers, clock: clock)
        var lines = [""]
        for entry in entries {
            let event = entry["event"]?["type"] == nil ? entry : entry["event"] ?? entry
            lines.append(String(renderer.lines(for: event).dropLast()))
            let data = event["data"] ?? .null
            if let why = data["why"]?.text { lines.append(note("concluded: \(why)")) }
            if let word = data["provider"]?["event"]?.text { lines.append(note("provider said: \(word)")) }
            if showsRaw, let delivery = entry["delivery"] { lines.append(note(raw(delivery))) }
        }
        return lines
    }

    /// A delivery is written out with the first of its events.
    private func raw(_ delivery: JSONValue) -> String {
        if let seq = delivery["same_as"]?.text { return "raw: the same as of event \(seq)" }
        guard delivery["attributes"] != nil else {
            return "raw: \(delivery["kind"]?.text ?? "?"), not shown: the token has no right \"raw\""
        }
        let attributes = (delivery["attributes"]?.members ?? []).map { "\($0.name)=\($0.value.text ?? "")" }
        let body = delivery["text"]?.text ?? delivery["base64"]?.text.map { "base64 \($0)" } ?? ""
        let text = ([delivery["kind"]?.text ?? "?"] + attributes + [body]).joined(separator: " ")
        return "raw: \(text.prefix(Self.maximumRawCharacters))"
    }

    private func note(_ text: String) -> String {
        "              " + style.paint(TerminalText.plain(text), .dim)
    }
}
