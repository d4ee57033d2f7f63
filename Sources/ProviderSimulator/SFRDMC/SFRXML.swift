/// Reports as XML attributes (guide 1.7, pages 134 to 136).
enum SFRXML {
    static let prolog = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n"

    static func text(username: String, _ reports: [SFRWireReport]) -> String {
        var text = "<status_report username=\"\(XMLText.escape(username))\">\n"
        for report in reports { write(report, to: &text) }
        return text + "</status_report>"
    }

    private static func write(_ report: SFRWireReport, to text: inout String) {
        // `status` stands after `to` in every sample.
        var members = report.attributes
        members.insert(JSONMember("status", report.status), at: members.first?.name == "to" ? 1 : 0)
        members.overlay(report.data)
        text += "  <\(report.medium)\(attributes(members))>\n"
        for entry in report.entries {
            var inner = ""
            if let voice = entry.voice { inner += "<vxml_info\(attributes(voice))/>" }
            if let transfer = entry.transfer { inner += "<transfer\(attributes([JSONMember("to", transfer)]))/>" }
            let own = attributes([JSONMember("date", entry.date), JSONMember("type", entry.type)] + entry.fields)
            switch (inner.isEmpty, entry.place) {
            case (true, _): text += "    <status\(own)/>\n"
            case (false, .child): text += "    <status\(own)>\(inner)</status>\n"
            case (false, .sibling): text += "    <status\(own)/>\n      \(inner)\n"
            }
        }
        text += "  </\(report.medium)>\n"
    }

    /// What is null has no attribute.
    private static func attributes(_ members: [JSONMember]) -> String {
        members.map { member in
            member.value.scalarText.map { " \(member.name)=\"\(XMLText.escape($0))\"" } ?? ""
        }.joined()
    }
}
