/// The report about one call or message as a scenario describes it.
struct SFRReport: Sendable, Equatable {
    enum History: Sendable, Equatable {
        /// Only the status of this report: what the help page's samples hold.
        case newest
        /// And those of the earlier reports of the same run: what the pushes of 2019 hold.
        case cumulative
        /// None at all.
        case none
        /// These, in this order.
        case listed([SFREntry])
    }

    let medium: String
    let to: String?
    /// Label, turned into a fresh call id by each run. One label in two media gives one id: the guide gives one id to
    /// a fax and a call.
    let call: String
    let callID: String?
    let entry: SFREntry
    let history: History
    /// Text or null.
    let reference: JSONValue
    let data: [JSONMember]

    init(_ fields: inout FieldReader) throws(ScenarioFault) {
        medium = try fields.text("medium") ?? "call"
        guard let first = medium.utf8.first, medium.utf8.allSatisfy(Self.isNameByte), !Self.isDigit(first) else {
            throw ScenarioFault("\"medium\" must be a word of a-z, 0-9 and _")
        }
        to = try fields.text("to")
        call = try fields.text("call") ?? to ?? "call"
        callID = try fields.text("call_id")
        entry = try SFREntry(&fields, type: "status")
        switch fields.value("history") {
        case nil, .string("newest"): history = .newest
        case .string("cumulative"): history = .cumulative
        case .string("none"): history = .none
        case .array(let items):
            var entries: [SFREntry] = []
            for item in items {
                var reader = try FieldReader(item, in: "an entry of \"history\"")
                entries.append(try SFREntry(&reader, type: "type"))
                try reader.refuseUnknown()
            }
            history = .listed(entries)
        default: throw ScenarioFault("\"history\" must be newest, cumulative, none or a list of entries")
        }
        switch fields.value("ref_externe") {
        case nil: reference = .string("654321")
        case .some(let value) where value == .null || value.text != nil: reference = value
        case .some(let other): throw ScenarioFault("\"ref_externe\" must be text or null, not \(other.kind)")
        }
        data = try fields.object("data")
        guard data.allSatisfy({ $0.value == .null || $0.value.scalarText != nil }) else {
            throw ScenarioFault("\"data\" of a report takes texts, numbers and null only")
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "_")
    }
}
