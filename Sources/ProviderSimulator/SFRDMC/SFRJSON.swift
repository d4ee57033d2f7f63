/// Reports as JSON: the medium is the key of a list of reports, the history a `status_list` (help page).
///
/// Only SMS is shown there. The other media, `vxml_info` and `transfer` are the same names by assumption.
enum SFRJSON {
    /// - Parameter single: An object instead of a list where a medium has one report.
    static func value(username: String, _ reports: [SFRWireReport], single: Bool) -> JSONValue {
        var media: [(name: String, reports: [JSONValue])] = []
        for report in reports {
            if let index = media.firstIndex(where: { $0.name == report.medium }) {
                media[index].reports.append(value(report))
            } else {
                media.append((report.medium, [value(report)]))
            }
        }
        let members = media.map { medium in
            JSONMember(medium.name, single && medium.reports.count == 1 ? medium.reports[0] : .array(medium.reports))
        }
        return .object([JSONMember("status_report", .object([JSONMember("username", username)] + members))])
    }

    private static func value(_ report: SFRWireReport) -> JSONValue {
        // `date` comes after `to` here.
        var members = report.attributes
        let date = members.removeLast()
        members.insert(date, at: members.first?.name == "to" ? 1 : 0)
        members.append(JSONMember("status_list", .array(report.entries.map(value))))
        members.append(JSONMember("status", report.status))
        for entry in report.entries where entry.place == .sibling { members.overlay(inner(entry)) }
        members.overlay(report.data)
        return .object(members)
    }

    private static func value(_ entry: SFRWireReport.Entry) -> JSONValue {
        let own = [JSONMember("date", entry.date), JSONMember("type", entry.type)] + entry.fields
        return .object(own + (entry.place == .child ? inner(entry) : []))
    }

    private static func inner(_ entry: SFRWireReport.Entry) -> [JSONMember] {
        var members: [JSONMember] = []
        if let voice = entry.voice { members.append(JSONMember("vxml_info", .object(voice))) }
        if let transfer = entry.transfer {
            members.append(JSONMember("transfer", .object([JSONMember("to", transfer)])))
        }
        return members
    }
}
