import CallModel

extension EventLineRenderer {
    func call(_ word: String, _ data: JSONValue) -> Body {
        let remote = parties.text(data["remote"], name: data["contact"]?["name"]) ?? "?"
        let local = parties.text(data["local"]) ?? "?"
        var body = Body(state: word, paint: paint(of: word), what: "\(remote) \(arrow(data["direction"])) \(local)")
        if let outcome = data["outcome"]?.text {
            var text = style.paint(TerminalText.plain(outcome), Self.paint(outcome: outcome))
            if let cause = data["cause"]?["code"]?.text { text += " (\(parties.words(cause)))" }
            body.details.append(text)
        }
        if data["stale"]?.text == "true" { body.details.append(style.paint("stale", .dim)) }
        if word == "transferred", let transfer = data["transfer"] {
            let ends = [("from", transfer["from"]), ("to", transfer["to"])].compactMap { word, end in
                end?.text.map { "\(word) \(parties.masked($0))" }
            }
            body.details.append(([TerminalText.plain(transfer["kind"]?.text ?? "")] + ends).joined(separator: " "))
        }
        if let queue = data["queue"] {
            let agent = queue["agent"]?.text.map { ", agent \(parties.words($0))" } ?? ""
            body.details.append("queue \(parties.words(queue["name"]?.text ?? "?"))\(agent)")
        }
        let durations = [("talked", "talk_ms"), ("rang", "ring_ms"), ("waited", "wait_ms")].compactMap { word, name in
            data[name]?.integer.map { "\(word) \(Span(milliseconds: $0).text)" }
        }
        if durations.isEmpty {
            if word == "connected", let rang = Self.span(data["times"], "ringing", "connected") {
                body.details.append("rang \(rang.text)")
            }
        } else {
            body.details.append(durations.joined(separator: ", "))
        }
        return body
    }

    func message(_ word: String, _ data: JSONValue) -> Body {
        let status = data["status"]?.text.map(TerminalText.plain) ?? word
        let medium = parties.words(data["medium"]?.text ?? "message")
        let remote = parties.text(data["remote"]) ?? "?"
        let ends = [remote, parties.text(data["local"])].compactMap(\.self).joined(
            separator: " \(arrow(data["direction"])) ")
        var body = Body(state: "\(medium) \(status)", paint: paint(of: status), what: ends)
        if let cause = data["cause"]?["text"]?.text ?? data["cause"]?["code"]?.text {
            body.details.append("(\(parties.words(cause)))")
        }
        if parties.numbers == .clear, let text = data["text"]?.text {
            body.details.append("\"\(TerminalText.cut(TerminalText.plain(text), to: 100))\"")
        }
        if let reference = data["reference"]?.text { body.details.append("[\(parties.words(reference))]") }
        return body
    }

    func source(_ word: String, _ data: JSONValue) -> Body {
        var body = Body(state: "source \(word)", paint: paint(of: word), what: "")
        if word == "unparsed" {
            body.what = parties.words(
                [data["kind"]?.text, data["detail"]?.text].compactMap(\.self).joined(separator: ": "))
            if let count = data["count"]?.integer, count > 1 { body.details.append("(\(count) times)") }
        } else {
            body.what = parties.words(data["reason"]?.text ?? "")
            let ends = [("from", data["from"]), ("to", data["to"])].compactMap { word, end in
                end?.text.map { "\(word) \(TerminalText.plain($0))" }
            }
            if !ends.isEmpty { body.details.append("(\(ends.joined(separator: " ")))") }
        }
        return body
    }

    func queue(_ word: String, _ data: JSONValue) -> Body {
        let name = parties.words(data["queue"]?["name"]?.text ?? "?")
        let agent = parties.words(data["queue"]?["agent"]?.text ?? "?")
        let caller = parties.text(data["remote"]).map { " for \($0)" } ?? ""
        switch word {
        case "count": return Body(state: "queue", paint: .dim, what: "\(name): \(data["waiting"]?.text ?? "?") waiting")
        case "offered": return Body(state: "queue", paint: .yellow, what: "\(name) rings agent \(agent)\(caller)")
        default:
            var body = Body(state: "queue", paint: .red, what: "\(name) could not have agent \(agent)\(caller)")
            if let outcome = data["outcome"]?.text { body.details.append(TerminalText.plain(outcome)) }
            return body
        }
    }

    /// Who called whom, with the remote side on the left.
    func arrow(_ direction: JSONValue?) -> String {
        switch direction?.text {
        case "inbound": style.unicode ? "→" : "->"
        case "outbound": style.unicode ? "←" : "<-"
        case "internal": style.unicode ? "↔" : "<>"
        default: style.unicode ? "–" : "--"
        }
    }

    func paint(of word: String) -> TerminalStyle.Paint? {
        switch word {
        case "ringing", "queued", "initiated", "degraded", "unparsed": .yellow
        case "connected", "resumed", "up", "delivered", "received": .green
        case "down", "gap", "failed": .red
        case "ended", "updated": .dim
        case "summary", "corrected": .bold
        default: nil
        }
    }

    package static func paint(outcome: String) -> TerminalStyle.Paint? {
        switch outcome {
        case "answered": .green
        case "missed", "abandoned", "failed": .red
        case "unknown": .yellow
        default: nil
        }
    }

    private static func span(_ times: JSONValue?, _ from: String, _ to: String) -> Span? {
        guard let start = times?[from]?.string.flatMap({ Timestamp(rfc3339: $0) }),
            let end = times?[to]?.string.flatMap({ Timestamp(rfc3339: $0) }), end >= start
        else { return nil }
        return end.since(start)
    }
}
