/// The calls of a provider, by their ids. Bound: 10 000, the oldest are forgotten.
struct CallBook<Call: Identifiable & Sendable>: Sendable where Call.ID == String {
    private var calls: [String: Call] = [:]
    private var order: [String] = []

    var count: Int { calls.count }

    /// Changes only a call that is there.
    subscript(id: String) -> Call? {
        get { calls[id] }
        set { if calls[id] != nil { calls[id] = newValue } }
    }

    mutating func add(_ call: Call) {
        if calls.updateValue(call, forKey: call.id) == nil { order.append(call.id) }
        if order.count > 10_000 { calls[order.removeFirst()] = nil }
    }
}
