/// A report with its ids and dates, before it is written in either format.
struct SFRWireReport: Sendable {
    struct Entry: Sendable {
        let type: String
        let date: String
        let fields: [JSONMember]
        let voice: [JSONMember]?
        let transfer: String?
        let place: SFREntry.Place
    }

    /// A status that a run has told, for later cumulative reports.
    struct Past: Sendable {
        let entry: SFREntry
        let time: WallTime
    }

    let medium: String
    let status: String
    /// Everything but `status` and the history, in the order of the samples; `date` is the last.
    let attributes: [JSONMember]
    /// Put over the attributes last of all; null removes one.
    let data: [JSONMember]
    let entries: [Entry]

    init(_ report: SFRReport, username: String, dates: SFRDateForm, ids: SFRIDForm, now: WallTime, in run: ScenarioRun)
    {
        medium = report.medium
        status = report.entry.type
        data = report.data
        let time = now.advanced(milliseconds: -Int64(report.entry.ago))
        func id(_ name: String, _ label: String, _ make: () -> String) -> JSONValue {
            let text = run.id("sfr \(username) \(name)", label, make: make)
            return ids == .number ? .number(text) : .string(text)
        }
        var members: [JSONMember] = []
        if let to = report.to { members.append(JSONMember("to", to)) }
        let callID: JSONValue
        switch (report.callID, ids) {
        case (let literal?, .number) where literal.allSatisfy(\.isNumber) && !literal.hasPrefix("0"):
            callID = .number(literal)
        case (let literal?, _): callID = .string(literal)
        case (nil, .none): callID = id("call", report.call) { RandomText.hexadecimal(24) }
        case (nil, _): callID = id("call", report.call) { "300" + RandomText.digits(11) }
        }
        members.append(JSONMember("call_id", callID))
        if ids != .none {
            members.append(JSONMember("broadcast_id", id("broadcast", "") { RandomText.digits(9) }))
            // Above Int32, as in the pushes seen.
            members.append(JSONMember("contact_id", id("contact", report.call) { "24" + RandomText.digits(8) }))
        }
        members.append(JSONMember("ref_externe", report.reference))
        if ids != .none { members.append(JSONMember("space_id", id("space", "") { RandomText.digits(6) })) }
        members.append(JSONMember("date", report.entry.date ?? dates.text(time, inHistory: false)))
        attributes = members
        let earlier = run.sfrHistory("\(username) \(medium) \(report.callID ?? report.call)") { past in
            let earlier = past
            past.append(Past(entry: report.entry, time: time))
            return earlier
        }
        let told: [Past] =
            switch report.history {
            case .newest: [Past(entry: report.entry, time: time)]
            case .cumulative: earlier + [Past(entry: report.entry, time: time)]
            case .none: []
            case .listed(let entries):
                entries.map { Past(entry: $0, time: now.advanced(milliseconds: -Int64($0.ago))) }
            }
        entries = told.map { past in
            Entry(
                type: past.entry.type, date: past.entry.date ?? dates.text(past.time, inHistory: true),
                fields: past.entry.fields, voice: past.entry.voice(endingAt: past.time), transfer: past.entry.transfer,
                place: past.entry.place)
        }
    }
}
