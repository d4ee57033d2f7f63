/// Which rules of the tracker fired, in order. Only kept where somebody asked for it: a tracker at work has none.
package struct Trace: Sendable {
    /// One rule that fired once.
    package struct Entry: Sendable, Hashable {
        package var rule: Rule
        package var call: CallID
        /// The state, outcome or other call the rule came to; nil where the rule says it all.
        package var detail: String?
        /// How many events of the same fact or deadline were told before the rule fired.
        package var toldBefore: Int

        package init(rule: Rule, call: CallID, detail: String? = nil, toldBefore: Int = 0) {
            self.rule = rule
            self.call = call
            self.detail = detail
            self.toldBefore = toldBefore
        }
    }

    fileprivate(set) var entries: [Entry] = []
}

extension CallTracker {
    /// Notes that a rule fired; costs one look at an optional where nobody asked for a trace.
    mutating func fired(_ rule: Rule, _ call: CallID, _ detail: @autoclosure () -> String? = nil) {
        guard trace != nil else { return }
        trace?.entries.append(Trace.Entry(rule: rule, call: call, detail: detail(), toldBefore: drafts.count))
    }

    /// From here on the rules that fire are kept for `takeTrace`.
    package mutating func startTracing() { trace = Trace() }

    /// What fired since the last time this was asked; empty where no trace is kept.
    package mutating func takeTrace() -> [Trace.Entry] {
        defer { if trace != nil { trace = Trace() } }
        return trace?.entries ?? []
    }

    /// How a fact found its call.
    func match(_ fact: CallFact, _ call: TrackedCall) -> Rule {
        if let id = fact.asked ?? fact.step.given, id == call.id { return .matchedByRequest }
        switch fact.reference {
        case .keys(let keys):
            return keys.contains { index.call(named: $0) == call.id } ? .matchedByID : .matchedPlacement
        case .parties: return fact.mayBePlaced && call.parties == nil ? .matchedPlacement : .matchedByParties
        }
    }
}

extension Conclusion {
    /// The outcome and, where it was concluded, why.
    var text: String {
        switch basis {
        case .reported: outcome.rawValue
        case .inferred(let why): "\(outcome.rawValue): \(why)"
        }
    }
}
