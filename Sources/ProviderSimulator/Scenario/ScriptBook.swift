/// What a scenario wants of coming requests. Bound: 1 000 scripts, the oldest are forgotten.
struct ScriptBook<Script: Sendable>: Sendable {
    private var entries: [(script: Script, left: Int?)] = []

    /// - Parameter times: how many requests it is for; nil: all.
    mutating func add(_ script: Script, times: Int?) {
        if entries.count >= 1_000 { entries.removeFirst() }
        entries.append((script, times))
    }

    /// The newest that fits, used up by one.
    mutating func take(where fits: (Script) -> Bool) -> Script? {
        guard let index = entries.lastIndex(where: { fits($0.script) }) else { return nil }
        let script = entries[index].script
        if let left = entries[index].left {
            entries[index].left = left - 1
            if left == 1 { entries.remove(at: index) }
        }
        return script
    }
}
