/// What queues said of agents who could not be had before anything else was heard of the caller: no sign that he still
/// waits, but what became of their legs where he does.
struct EarlyFailures: Sendable, Codable {
    struct Failure: Sendable, Codable {
        var agent: String
        var line: String?
        var outcome: Outcome
        var moment: Moment
    }

    private var failures: [CallKey: [Failure]] = [:]
    private var order: [CallKey] = []

    /// More callers than this at once are not kept.
    private static let maximumCallers = 256

    mutating func note(_ fact: CallFact, at moment: Moment) {
        guard case .agentFailed(let agent, let line, let outcome, _) = fact.step, case .keys(let keys) = fact.reference,
            let key = keys.first, failures[key, default: []].count < EventEncoder.maximumLegs
        else { return }
        if failures[key] == nil {
            if order.count >= Self.maximumCallers { failures[order.removeFirst()] = nil }
            order.append(key)
        }
        failures[key, default: []].append(Failure(agent: agent, line: line, outcome: outcome, moment: moment))
    }

    /// The clock of the host was set.
    mutating func shift(by span: Span) {
        for (key, known) in failures {
            failures[key] = known.map { failure in
                var failure = failure
                failure.moment.observed = failure.moment.observed.advanced(by: span)
                return failure
            }
        }
    }

    /// Those of the caller of whom this fact is the first that is heard.
    mutating func take(_ fact: CallFact) -> [Failure] {
        guard !failures.isEmpty, case .keys(let keys) = fact.reference else { return [] }
        return keys.flatMap { key in
            guard let found = failures.removeValue(forKey: key) else { return [Failure]() }
            order.removeAll { $0 == key }
            return found
        }
    }
}
