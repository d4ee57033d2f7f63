/// One report of a delivery: what DMC says about one call or message, read alike from XML and JSON.
struct SFRDMCReport: Sendable, Hashable {
    /// One status of the history.
    struct Entry: Sendable, Hashable {
        var fields: SFRDMCFields
        /// The scenario that ran during a call.
        var scenario = SFRDMCFields()
        /// Whom the contact was transferred to.
        var transferredTo: String?

        /// The provider's word; `TRANSFERRED` is another spelling.
        var word: String { fields["type"] ?? "" }
        var type: String {
            let type = word.uppercased()
            return type == "TRANSFERRED" ? "TRANSFERED" : type
        }
    }

    /// The service the call or message was ordered from.
    let userName: String
    /// The name of the element or key, in lower case: `call`, `sms` …
    let medium: String
    /// The last status, and what belongs to the call or message as a whole.
    let fields: SFRDMCFields
    /// At least one where the report has a status at all.
    let entries: [Entry]

    /// - Parameters:
    ///   - history: may be cumulative, hold the newest status only, or be empty.
    ///   - scenario: `vxml_info` beside the history; the guide's schema has it inside (DMC guide 1.7, p. 134).
    ///   - transferredTo: `transfer` beside the history, likewise.
    init(
        userName: String, medium: String, fields: SFRDMCFields, history: [Entry], scenario: SFRDMCFields,
        transferredTo: String?
    ) {
        self.userName = userName
        self.medium = medium.lowercased()
        self.fields = fields
        var entries = history.filter { !$0.word.isEmpty }
        let summary = Entry(fields: fields.asEntry())
        if !summary.word.isEmpty, !entries.contains(where: { $0.type == summary.type }) { entries.append(summary) }
        // What the last status leaves out of the history is told once for the report.
        let date = summary.fields["date"]
        let last = entries.lastIndex { entry in
            entry.type == summary.type && (entry.fields["date"] == nil || date == nil || entry.fields["date"] == date)
        }
        if let last { entries[last].fields.add(summary.fields) }
        Self.attach(scenario, transferredTo, to: &entries, last: summary.type)
        self.entries = Self.sorted(entries, medium: self.medium)
    }

    /// What stands beside the history belongs to the status it fits, else to the last one.
    private static func attach(
        _ scenario: SFRDMCFields, _ transferredTo: String?, to entries: inout [Entry], last type: String
    ) {
        guard let last = entries.lastIndex(where: { $0.type == type }) ?? entries.indices.last else { return }
        if entries[last].scenario.isEmpty { entries[last].scenario = scenario }
        let transferred = entries.lastIndex { $0.type == "TRANSFERED" } ?? last
        entries[transferred].transferredTo = entries[transferred].transferredTo ?? transferredTo
    }

    /// The statuses of a call in the only order they can have had: the provider gives several of them one time.
    private static func sorted(_ entries: [Entry], medium: String) -> [Entry] {
        guard medium == "call" else { return entries }
        func rank(_ entry: Entry) -> Int {
            switch entry.type {
            case "SUBMITTED", "SENT": 0
            case "ESTABLISHED": 1
            case "TRANSFERED": 2
            default: 3
            }
        }
        return entries.enumerated()
            .sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }
            .map(\.element)
    }
}
