/// Takes the fields out of one object of a scenario line and refuses whatever nobody asked for.
///
/// A misspelt key in a scenario would otherwise test something else than its author believes.
struct FieldReader {
    private let place: String
    private let members: [JSONMember]
    private var asked: [String] = []

    /// - Parameter place: What the object is called in messages, for example `"ovh"`.
    init(_ value: JSONValue, in place: String) throws(ScenarioFault) {
        guard case .object(let members) = value else {
            throw ScenarioFault("\(place) must be an object, not \(value.kind)")
        }
        self.members = members
        self.place = place
    }

    /// Whether a key is there, without asking for its value.
    func has(_ name: String) -> Bool {
        members.contains { $0.name == name }
    }

    mutating func value(_ name: String) -> JSONValue? {
        asked.append(name)
        return members.first { $0.name == name }?.value
    }

    mutating func text(_ name: String) throws(ScenarioFault) -> String? {
        guard let value = value(name) else { return nil }
        guard case .string(let text) = value else { throw wrong(name, "text in quotes", value) }
        return text
    }

    mutating func requiredText(_ name: String) throws(ScenarioFault) -> String {
        guard let text = try text(name) else { throw ScenarioFault("\(place) needs \"\(name)\"") }
        return text
    }

    mutating func flag(_ name: String) throws(ScenarioFault) -> Bool? {
        guard let value = value(name) else { return nil }
        guard case .bool(let flag) = value else { throw wrong(name, "true or false", value) }
        return flag
    }

    mutating func whole(_ name: String, in range: ClosedRange<Int>) throws(ScenarioFault) -> Int? {
        guard let value = value(name) else { return nil }
        guard let number = value.whole, range.contains(Int(number)) else {
            let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
            guard case .number(let digits) = value else { throw wrong(name, expected, value) }
            throw ScenarioFault("\"\(name)\" of \(place) must be \(expected), not \(digits.prefix(32))")
        }
        return Int(number)
    }

    /// One of a few words; the message lists them.
    mutating func word<Word: RawRepresentable & CaseIterable>(
        _ name: String, of type: Word.Type
    ) throws(ScenarioFault) -> Word? where Word.RawValue == String {
        guard let text = try text(name) else { return nil }
        guard let word = Word(rawValue: text) else {
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw ScenarioFault("\"\(name)\" of \(place) must be one of \(known), not \"\(text)\"")
        }
        return word
    }

    mutating func items(_ name: String) throws(ScenarioFault) -> [JSONValue]? {
        guard let value = value(name) else { return nil }
        guard case .array(let items) = value else { throw wrong(name, "a list", value) }
        return items
    }

    mutating func texts(_ name: String) throws(ScenarioFault) -> [String] {
        guard let items = try items(name) else { return [] }
        var texts: [String] = []
        for item in items {
            guard case .string(let text) = item else { throw wrong(name, "a list of texts in quotes", item) }
            texts.append(text)
        }
        return texts
    }

    mutating func object(_ name: String) throws(ScenarioFault) -> [JSONMember] {
        guard let value = value(name) else { return [] }
        guard case .object(let members) = value else { throw wrong(name, "an object", value) }
        return members
    }

    /// Call it last.
    func refuseUnknown() throws(ScenarioFault) {
        guard let unknown = members.first(where: { !asked.contains($0.name) }) else { return }
        throw ScenarioFault("unknown key \"\(unknown.name)\" in \(place); it knows \(asked.joined(separator: ", "))")
    }

    private func wrong(_ name: String, _ expected: String, _ value: JSONValue) -> ScenarioFault {
        ScenarioFault("\"\(name)\" of \(place) must be \(expected), not \(value.kind)")
    }
}
