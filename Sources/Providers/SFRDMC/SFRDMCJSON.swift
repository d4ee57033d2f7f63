/// A report as JSON: attributes and elements of the XML are both members of an object, `status_list` is the history
/// (pushCRA help page).
enum SFRDMCJSON {
    static func report(_ object: [String: JSONValue], medium: String, userName: String) -> SFRDMCReport {
        // `status` is the last status; as a structure it would be the history under its name in XML.
        let history = (value("status_list", in: object) ?? value("status", in: object))?.items ?? []
        return SFRDMCReport(
            userName: userName, medium: medium, fields: SFRDMCFields(object),
            history: history.compactMap(\.object).map {
                SFRDMCReport.Entry(
                    fields: SFRDMCFields($0), scenario: scenario(in: $0), transferredTo: transferredTo(in: $0))
            },
            scenario: scenario(in: object), transferredTo: transferredTo(in: object))
    }

    /// A member by its name in lower case, however it is written.
    static func value(_ name: String, in object: [String: JSONValue]) -> JSONValue? {
        object[name] ?? object.sorted { $0.key < $1.key }.first { $0.key.lowercased() == name }?.value
    }

    private static func scenario(in object: [String: JSONValue]) -> SFRDMCFields {
        value("vxml_info", in: object)?.items.first?.object.map(SFRDMCFields.init) ?? SFRDMCFields()
    }

    private static func transferredTo(in object: [String: JSONValue]) -> String? {
        value("transfer", in: object)?.items.first?.object.flatMap { SFRDMCFields($0)["to"] }
    }
}

extension JSONValue {
    /// The items of a list, or the value itself where it stands for a list of one.
    var items: [JSONValue] {
        switch self {
        case .array(let items): items
        case .null: []
        default: [self]
        }
    }

    var isStructure: Bool { object != nil || array != nil }
}
