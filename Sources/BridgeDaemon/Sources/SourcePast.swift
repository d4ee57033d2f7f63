import CallModel

/// What the selves of one source left in this run, however often it was exchanged. Bounded by the tokens that it was
/// ever configured with.
struct SourcePast: Sendable, Equatable {
    /// By poller, and as `PushPresence.slot` for what is pushed.
    private(set) var memories: [String: PollMemory] = [:]
    /// Which of them are of the last self that ever heard anything.
    private(set) var last: Set<String> = []

    mutating func add(_ left: [String: PollMemory]) {
        guard !left.isEmpty else { return }
        memories.merge(left) { _, newer in newer }
        last = Set(left.keys)
    }
}
