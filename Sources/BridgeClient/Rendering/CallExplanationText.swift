import CallModel

/// Shows how a call became what it is: what came, which rule said what, what was told, and to whom.
package struct CallExplanationText: Sendable {
    private let style: TerminalStyle
    private let clock: WallClock

    package init(style: TerminalStyle, clock: WallClock = .local) {
        self.style = style
        self.clock = clock
    }

    package func lines(_ document: JSONValue) throws(ClientFailure) -> [String] {
        guard let explanation = document["explanation"] else {
            throw .protocolViolation("the answer has no explanation")
        }
        var lines = [head(document["call"] ?? .null)]
        if let note = explanation["note"]?.text { lines += ["", style.paint(TerminalText.plain(note), .yellow)] }
        let steps = explanation["steps"]?.array ?? []
        if !steps.isEmpty {
            var table = Table(["TIME", "WHAT CAME", "RULE", "TOLD", "WHY"])
            for step in steps { for row in rows(step) { table.append(row) } }
            lines += [""] + table.lines(style: style)
        } else {
            var table = Table(["SEQ", "TIME", "TOLD", "WHY"])
            for entry in document["history"]?.array ?? [] {
                let event = entry["event"]
                table.append([
                    .init(entry["seq"]?.text), .init(time(entry["observed"])), .init(event?["type"]?.text),
                    .init(event?["data"]?["why"]?.text),
                ])
            }
            if !table.isEmpty { lines += [""] + table.lines(style: style) }
        }
        return lines + [""] + readers(explanation["readers"]?.array ?? [])
    }

    private func head(_ call: JSONValue) -> String {
        func party(_ name: String) -> String { call[name]?["number"]?.text ?? call[name]?["raw"]?.text ?? "?" }
        let parts = [
            call["id"]?.text, call["source"]?.text, call["direction"]?.text, "\(party("remote")) - \(party("local"))",
            call["outcome"]?.text ?? call["state"]?.text, call["why"]?.text.map { "(\($0))" },
        ]
        return TerminalText.plain(parts.compactMap(\.self).joined(separator: "  "))
    }

    /// A row for each rule; what came and what was told stand in the first ones.
    private func rows(_ step: JSONValue) -> [[Table.Cell]] {
        let facts = (step["facts"]?.array ?? []).map { fact in
            [fact["word"]?.text, fact["step"]?.text.map { "= \($0)" }].compactMap(\.self).joined(separator: " ")
        }
        let came =
            step["delivery"].map {
                "\($0["source"]?.text ?? "?") \($0["kind"]?.text ?? "?"): " + facts.joined(separator: ", ")
            }
            ?? "a deadline"
        let told = (step["events"]?.array ?? []).map { event in
            (event["type"]?.text ?? "?") + (event["seq"]?.text.map { " #\($0)" } ?? "")
        }
        let rules = step["rules"]?.array ?? []
        return (0..<max(1, rules.count, told.count)).map { index in
            let rule = index < rules.count ? rules[index] : .null
            let name = [rule["rule"]?.text, rule["detail"]?.text.map { "(\($0))" }].compactMap(\.self)
            return [
                .init(index == 0 ? time(step["observed"]) : " "), .init(index == 0 ? came : " "),
                .init(name.isEmpty ? " " : name.joined(separator: " ")),
                .init(index < told.count ? told[index] : " ", .green),
                .init(rule["why"]?.text ?? " ", .dim),
            ]
        }
    }

    private func readers(_ readers: [JSONValue]) -> [String] {
        guard !readers.isEmpty else { return ["nobody read the stream around this call"] }
        var table = Table(["READER", "FROM", "TO", "VERDICT"])
        for reader in readers {
            let who = [
                reader["socket"]?.text, reader["uid"]?.text.map { "uid \($0)" },
                reader["pid"]?.text.map { "pid \($0)" },
                reader["token"]?.text.map { "token \($0)" },
            ]
            table.append([
                .init(who.compactMap(\.self).joined(separator: " ")), .init(time(reader["since"])),
                .init(time(reader["until"]) ?? "now"), .init(reader["verdict"]?.text),
            ])
        }
        return table.lines(style: style)
    }

    private func time(_ value: JSONValue?) -> String? {
        value?.string.flatMap { Timestamp(rfc3339: $0) }.map { clock.time($0) }
    }
}
