/// One status of a report's history as a scenario describes it (guide 1.7, pages 134 to 136).
struct SFREntry: Sendable, Equatable {
    /// Where `vxml_info` and `transfer` stand: the guide's sample and its schema line disagree.
    enum Place: String, CaseIterable {
        case sibling
        case child
    }

    let type: String
    /// How long ago it happened, in ms.
    let ago: Int
    /// Sent as it is, instead of a time.
    let date: String?
    /// `info`, `code`, `time`, `amd`, `size`, `page`, as written.
    let fields: [JSONMember]
    /// Members put over the usual ones; nil for no element.
    let voice: [JSONMember]?
    let transfer: String?
    let place: Place

    /// - Parameter key: What the status word is called at this place.
    init(_ fields: inout FieldReader, type key: String) throws(ScenarioFault) {
        type = try fields.requiredText(key)
        ago = try fields.whole("ago", in: 0...86_400_000) ?? 0
        date = try fields.text("date")
        var plain: [JSONMember] = []
        for name in ["time", "amd", "info", "code", "size", "page"] {
            switch fields.value(name) {
            case nil: break
            case .some(let value) where value.scalarText != nil: plain.append(JSONMember(name, value))
            case .some(let other): throw ScenarioFault("\"\(name)\" must be text or a number, not \(other.kind)")
            }
        }
        self.fields = plain
        voice = fields.has("vxml_info") ? try fields.object("vxml_info") : nil
        transfer = try fields.text("transfer")
        place = try fields.word("place", of: Place.self) ?? .sibling
    }

    /// The attributes of `vxml_info`, whose start and end are milliseconds; a call of eight seconds.
    func voice(endingAt end: WallTime) -> [JSONMember]? {
        guard let voice else { return nil }
        var members = [
            JSONMember("voicemail", "false"), JSONMember("start", String(end.milliseconds - 8_191)),
            JSONMember("end", String(end.milliseconds)), JSONMember("termination", "disconnect"),
            JSONMember("result", "fin appel"), JSONMember("route", "Menu 1(10590):1|Menu 2(10592):2"),
        ]
        members.overlay(voice)
        return members
    }
}

extension JSONValue {
    /// What a text, number or truth value is as text; nil for the rest.
    var scalarText: String? {
        switch self {
        case .string(let text): text
        case .number(let digits): digits
        case .bool(let value): value ? "true" : "false"
        case .null, .array, .object: nil
        }
    }
}
