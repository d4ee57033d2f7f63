/// The scalar fields of one element or object, by their names in lower case, with what is absent in any of its forms
/// left out: `null`, `""`, missing.
///
/// The provider's page writes names with a capital, XML and JSON in lower case (pushCRA help page; DMC guide 1.7,
/// section 5.4). A value may come as text or as a number and is kept as text: ids go beyond 32 bits.
struct SFRDMCFields: Sendable, Hashable {
    private var values: [String: String] = [:]

    init() {}

    init(_ element: XMLElement) {
        for (name, value) in element.attributes { set(name, value) }
    }

    init(_ object: [String: JSONValue]) {
        for (name, value) in object { set(name, value.text) }
    }

    subscript(_ name: String) -> String? { values[name] }

    var isEmpty: Bool { values.isEmpty }

    /// Takes over what is not known here.
    mutating func add(_ other: SFRDMCFields) {
        values.merge(other.values) { own, _ in own }
    }

    /// These fields as a history entry of their own, for a report without history.
    func asEntry() -> SFRDMCFields {
        var entry = self
        entry.values["type"] = values["status"]
        return entry
    }

    private mutating func set(_ name: String, _ value: String?) {
        guard let value, value.contains(where: { $0 != " " }) else { return }
        values[name.lowercased()] = value
    }
}
