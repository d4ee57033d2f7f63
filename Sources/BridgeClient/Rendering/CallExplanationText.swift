package import CallModel

/// Shows how a call became what it is: what came, which rule said what, what was told, and to whom.
package struct CallExplanationText: Sendable {
    private let style: TerminalStyle
    private let parties: PartyText
    private let clock: WallClock
    private let now: Timestamp
    private let columns: Int?

    /// - Parameters:
    ///   - now: what is of another day has its date beside it.
    ///   - columns: where given, what is wider is set as blocks of lines that fit and not as a table.
    package init(
        style: TerminalStyle, parties: PartyText, clock: WallClock = .local, now: Timestamp, columns: Int? = nil
    ) {
        self.style = style
        self.parties = parties
        self.clock = clock
        self.now = now
        self.columns = columns
    }

    /// One text a line. Throws where the answer holds no explanation.
    package func lines(_ document: JSONValue) throws(ClientFailure) -> [String] {
        guard let explanation = document["explanation"] else {
            throw .protocolViolation("the answer has no explanation")
        }
        var lines = wrapped(head(document["call"] ?? .null))
        if let note = explanation["note"]?.text {
            lines += [""] + wrapped(parties.words(note)).map { style.paint($0, .yellow) }
        }
        let steps = explanation["steps"]?.array ?? []
        if !steps.isEmpty {
            var table = Table(["TIME", "WHAT CAME", "RULE", "TOLD", "WHY"])
            for step in steps { for row in rows(step) { table.append(row) } }
            lines += [""] + (fits(table) ? table.lines(style: style) : steps.flatMap(block))
        } else {
            var table = Table(["SEQ", "TIME", "TOLD", "WHY"])
            for entry in document["history"]?.array ?? [] {
                let event = entry["event"]
                table.append([
                    .init(entry["seq"]?.text), .init(time(entry["observed"])), .init(event?["type"]?.text),
                    .init((event?["data"]?["why"]?.text).map(parties.words)),
                ])
            }
            if !table.isEmpty { lines += [""] + table.lines(style: style, columns: columns) }
        }
        return lines + [""] + readers(explanation["readers"]?.array ?? [])
    }

    private func head(_ call: JSONValue) -> String {
        func party(_ name: String) -> String { parties.number(call[name]) ?? "?" }
        let parts = [
            call["id"]?.text, call["source"]?.text, call["direction"]?.text, "\(party("remote")) - \(party("local"))",
            call["outcome"]?.text ?? call["state"]?.text, (call["why"]?.text).map { "(\(parties.words($0)))" },
        ]
        return TerminalText.plain(parts.compactMap(\.self).joined(separator: "  "))
    }

    // MARK: - Steps

    private func came(_ step: JSONValue) -> String {
        guard let delivery = step["delivery"] else {
            return told(step).contains { $0.isThen } ? "told then" : "a deadline"
        }
        let fact = [step["fact"]?["word"]?.text, step["fact"]?["step"]?.text.map { "= \($0)" }]
        return "\(delivery["source"]?.text ?? "?") \(delivery["kind"]?.text ?? "?"): "
            + parties.words(fact.compactMap(\.self).joined(separator: " "))
    }

    private func told(_ step: JSONValue) -> [(text: String, rule: Int, isThen: Bool)] {
        (step["events"]?.array ?? []).map { event in
            let place = event["seq"]?.text.map { " #\($0)" } ?? " (not told)"
            let rule = event["rule"]?.text.flatMap { Int($0) } ?? 0
            return ((event["type"]?.text ?? "?") + place, rule, event["told_then"] == .bool(true))
        }
    }

    private func rules(_ step: JSONValue) -> [(name: String, why: String)] {
        let rules = (step["rules"]?.array ?? []).map { rule in
            let name = [rule["rule"]?.text, (rule["detail"]?.text).map { "(\(parties.words($0)))" }]
            return (name.compactMap(\.self).joined(separator: " "), parties.words(rule["why"]?.text ?? ""))
        }
        guard told(step).contains(where: \.isThen) else { return rules }
        return [("", "what is kept does not lead to it with today's rules: see the note")]
    }

    /// A row for each rule, beside what it told; more where one told several. What came stands in the first.
    private func rows(_ step: JSONValue) -> [[Table.Cell]] {
        let (told, rules) = (told(step), rules(step))
        var rows: [[Table.Cell]] = []
        for index in 0..<max(1, rules.count) {
            var rule = index < rules.count ? rules[index] : (name: "", why: "")
            let events = told.filter { $0.rule == index || index == 0 && $0.rule >= max(1, rules.count) }.map(\.text)
            for event in events.isEmpty ? [" "] : events {
                rows.append([
                    .init(rows.isEmpty ? time(step["observed"]) : " "), .init(rows.isEmpty ? came(step) : " "),
                    .init(rule.name.isEmpty ? " " : rule.name), .init(event, .green),
                    .init(rule.why.isEmpty ? " " : rule.why, .dim),
                ])
                rule = (name: "", why: "")
            }
        }
        return rows
    }

    private func block(_ step: JSONValue) -> [String] {
        var lines = wrapped("\(time(step["observed"]) ?? "?") \(TerminalText.plain(came(step)))", indent: 10)
        let (told, rules) = (told(step), rules(step))
        for index in 0..<max(1, rules.count) {
            if index < rules.count {
                let rule = [rules[index].name, rules[index].why].filter { !$0.isEmpty }.joined(separator: ": ")
                lines += wrapped("  \(TerminalText.plain(rule))", indent: 6)
            }
            lines += told.filter { $0.rule == index || index == 0 && $0.rule >= max(1, rules.count) }.map {
                "  \(style.unicode ? "→" : "->") " + style.paint(TerminalText.plain($0.text), .green)
            }
        }
        return lines
    }

    // MARK: - Readers

    private func readers(_ readers: [JSONValue]) -> [String] {
        guard !readers.isEmpty else { return ["nobody read the stream around this call"] }
        var table = Table(["READER", "FROM", "TO", "VERDICT"])
        for reader in readers {
            table.append([
                .init(who(reader)), .init(time(reader["since"])), .init(time(reader["until"]) ?? "now"),
                .init(reader["verdict"]?.text),
            ])
        }
        guard !fits(table) else { return table.lines(style: style) }
        return readers.flatMap { reader in
            wrapped(
                "\(time(reader["since"]) ?? "?") - \(time(reader["until"]) ?? "now")  \(TerminalText.plain(who(reader)))",
                indent: 4)
                + wrapped("  " + TerminalText.plain(reader["verdict"]?.text ?? "?"), indent: 4)
        }
    }

    private func who(_ reader: JSONValue) -> String {
        [
            reader["socket"]?.text, reader["uid"]?.text.map { "uid \($0)" }, reader["pid"]?.text.map { "pid \($0)" },
            reader["token"]?.text.map { "token \($0)" }, reader["numbers"]?.text == "masked" ? "masked" : nil,
        ].compactMap(\.self).joined(separator: " ")
    }

    // MARK: - Width

    private func fits(_ table: Table) -> Bool {
        guard let columns else { return true }
        return table.lines(style: TerminalStyle()).allSatisfy { TerminalText.width($0) <= columns }
    }

    /// Broken between words; a longer word stays whole.
    private func wrapped(_ text: String, indent: Int = 2) -> [String] {
        guard let columns, TerminalText.width(text) > columns else { return [text] }
        var lines: [String] = []
        var line = String(text.prefix { $0 == " " })
        var isEmpty = true
        for word in text.split(separator: " ") {
            if !isEmpty, TerminalText.width(line) + 1 + TerminalText.width(String(word)) > columns {
                lines.append(line)
                line = String(repeating: " ", count: indent)
                isEmpty = true
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return lines + [line]
    }

    private func time(_ value: JSONValue?) -> String? {
        value?.string.flatMap { Timestamp(rfc3339: $0) }.map { clock.short($0, now: now) }
    }
}
