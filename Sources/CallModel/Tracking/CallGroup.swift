/// Calls that have something in common: a session, a caller.
///
/// At most 64, so that a provider which gives every call the same session, or a caller of thousands, does not make
/// each of them a matter of all. Calls of which the summary has been told make room for others, the one first that
/// was told first.
struct CallGroup: Sendable {
    private(set) var calls: Set<CallID> = []
    /// Those of them that make room.
    private var told: [CallID] = []

    private static let maximum = 64

    var isEmpty: Bool { calls.isEmpty }

    mutating func insert(_ call: CallID, isTold: Bool) {
        if calls.contains(call) {
            if isTold, !told.contains(call) { told.append(call) }
            return
        }
        if calls.count >= Self.maximum {
            guard !isTold, !told.isEmpty else { return }
            calls.remove(told.removeFirst())
        }
        calls.insert(call)
        if isTold { told.append(call) }
    }

    mutating func remove(_ call: CallID) {
        calls.remove(call)
        told.removeAll { $0 == call }
    }
}
