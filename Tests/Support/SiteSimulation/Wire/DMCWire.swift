import CallModel

/// The reports of SFR's pushCRA, as XML attributes or as JSON.
struct DMCWire {
    let isJSON: Bool
    let skew: Int64
    let start: Timestamp

    struct Entry {
        var type: String
        var at: Int64
        /// Further attributes of the status.
        var more: [(String, String)] = []
        /// The number the contact was transferred to.
        var transferredTo: String?
    }

    func report(_ medium: String, id: String, to: String, history: [Entry]) -> Sent.Payload {
        let last = history[history.count - 1]
        let head = [
            ("to", to), ("status", last.type), ("call_id", id), ("broadcast_id", "114456"),
            ("contact_id", "2482508840"), ("ref_externe", "654321"), ("date", date(last.at)),
        ]
        let text: String
        if isJSON {
            // How JSON tells a transfer's number or a voice result is not known: it does not.
            let entries = history.map { object([("type", $0.type), ("date", date($0.at))] + $0.more) }
            text = object(head).dropLast() + ",\"status_list\":[" + entries.joined(separator: ",") + "]}"
        } else {
            var xml = "<\(medium)\(attributes(head))>"
            for entry in history {
                let own = [("date", date(entry.at)), ("type", entry.type)] + entry.more.filter { $0.0 != "voicemail" }
                xml += "<status\(attributes(own))/>"
                let voice = entry.more.filter { $0.0 == "voicemail" }
                if !voice.isEmpty { xml += "<vxml_info\(attributes(voice)) termination=\"disconnect\"/>" }
                if let number = entry.transferredTo { xml += "<transfer to=\"\(number)\"/>" }
            }
            text = xml + "</\(medium)>"
        }
        return .dmc(report: text, medium: medium, isJSON: isJSON)
    }

    /// JSON came in UTC, XML with the zone as a word.
    private func date(_ at: Int64) -> String {
        let time = Timestamp(milliseconds: start.milliseconds + at + skew)
        if isJSON { return "\(time.description.prefix(19))Z" }
        let local = time.advanced(by: .hours(1)).description
        return "\(local.prefix(10)) \(local.dropFirst(11).prefix(8)) CET"
    }

    private func attributes(_ fields: [(String, String)]) -> String {
        fields.map { " \($0.0)=\"\($0.1)\"" }.joined()
    }

    private func object(_ fields: [(String, String)]) -> String {
        "{" + fields.map { "\"\($0.0)\":\"\($0.1)\"" }.joined(separator: ",") + "}"
    }
}
