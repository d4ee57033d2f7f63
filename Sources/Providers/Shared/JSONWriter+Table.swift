package import CallModel

extension JSONWriter {
    /// An object of texts in the order of their names; left out where it is empty.
    package mutating func table(_ name: StaticString, _ values: [String: String]) {
        guard !values.isEmpty else { return }
        object(name) { json in
            for (name, value) in values.sorted(by: { $0.key < $1.key }) { json.field(named: name, value) }
        }
    }
}
