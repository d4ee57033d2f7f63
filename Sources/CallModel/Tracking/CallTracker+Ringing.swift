/// Which call to a line a stay in a queue rings, as far as agents and times tell. Ringing begins soon after an agent is
/// offered the caller, and stops when he, or another one, is connected: the settle window is what the two may differ
/// by.
extension CallTracker {
    /// Whether there was a moment at which both went on, as far as is known. A line that is first heard of when its
    /// ringing stops began before that.
    func overlap(_ line: TrackedCall, _ stay: TrackedCall, isSeen: Bool) -> Bool {
        line.begins(beforeTheEndOf: stay, within: isSeen ? .milliseconds(0) : limits.settle)
            && stay.begins(beforeTheEndOf: line, within: .milliseconds(0))
    }

    /// Lines and queues are timed by clocks of two machines, and no time of the one puts anything of the other in order
    /// alone: where ours does not agree they must be further apart than such clocks are.
    private static let maximumSkew = Span.seconds(10)

    /// Whether one moment was well before another: one of a queue and one of a line, or `byOneClock`.
    private func isWell(_ one: Moment?, before other: Moment?, byOneClock: Bool = false) -> Bool {
        guard let one, let other else { return false }
        let heard = other.observed.since(one.observed)
        guard let first = one.provider, let last = other.provider else { return heard > limits.settle }
        let told = last.since(first)
        return told > limits.settle && (byOneClock || heard > limits.settle || told > Self.maximumSkew)
    }

    /// Whether a line that nobody took was silent again well before a moment at which it is said to ring or to answer.
    private func isOver(_ line: TrackedCall, wellBefore answer: QueueAnswer) -> Bool {
        guard !line.wasConnected, let stopped = line.ringingStopped ?? line.ended else { return false }
        return isWell(stopped, before: answer.heard ?? answer.told, byOneClock: answer.heard != nil)
    }

    /// Whether a line is known to have rung well after a moment at which it would have been silent, or connected.
    private func rang(_ line: TrackedCall, wellAfter answer: QueueAnswer) -> Bool {
        guard line.id != answer.line else { return false }
        let known = line.ringingStopped ?? (line.wasSeenFromStart ? line.started : nil)
        return isWell(answer.heard ?? answer.told, before: known, byOneClock: answer.heard != nil)
    }

    /// Whether the last that is known of an agent's leg, also since an offer, is that it was over, well before a line
    /// rang. Only the provider's clock can tell.
    private func isOver(
        _ leg: Leg, of queue: TrackedCall, since offer: Timestamp?, wellBefore line: TrackedCall
    ) -> Bool {
        guard leg.state == .ended, leg.outcome != .answered, let agent = leg.agent, let last = queue.legTimes[agent],
            offer.map({ last > $0 }) != false
        else { return false }
        let heard = queue.legsHeard?[agent] ?? line.started.observed
        return rang(line, wellAfter: QueueAnswer(told: Moment(observed: heard, provider: last)))
    }

    /// When the caller of a stay was connected. A line that serves him tells it by the clock of all lines.
    func answer(of queue: TrackedCall, among mates: [TrackedCall]? = nil) -> QueueAnswer {
        guard queue.wasConnected else { return QueueAnswer() }
        var answer = QueueAnswer(told: queue.connected)
        guard let number = queue.legs.last(where: \.isServing)?.line else { return answer }
        let mates = mates ?? index.calls(inSession: queue.session ?? "").compactMap { calls[$0] }
        func distance(_ line: TrackedCall) -> Int64? {
            guard let said = queue.connected?.provider, let heard = line.connected?.provider else { return nil }
            let distance = abs(heard.since(said).milliseconds)
            return distance > Self.maximumSkew.milliseconds ? nil : distance
        }
        let serving = mates.filter { $0.queueCall == queue.id && $0.local?.line == number }
            .compactMap { line in distance(line).map { (line, $0) } }
            .min { ($0.1, $0.0.serial ?? 0) < ($1.1, $1.0.serial ?? 0) }?.0
        answer.heard = serving?.connected
        answer.line = serving?.id
        return answer
    }

    /// How surely a stay rings the line of a call, by what is known of both and by what the stay says now.
    func ringing(
        of queue: TrackedCall, at line: TrackedCall, saying step: CallFact.Step? = nil, _ occasion: Occasion? = nil,
        answer known: QueueAnswer? = nil
    ) -> Ringing {
        if isWell(line.started, before: queue.joined) { return .never }
        let number = line.local?.line
        let said = QueueAnswer(told: occasion?.moment)
        let isSaid = number != nil && step?.agentAndLine?.line == number
        if isSaid, case .agentBridged = step, !isOver(line, wellBefore: said), !rang(line, wellAfter: said) {
            return .served
        }
        let answer = known ?? self.answer(of: queue)
        guard !rang(line, wellAfter: answer) else { return .never }
        guard let number else { return .untold }
        let legs = queue.legs.filter { $0.line == number }
        if legs.contains(where: \.isServing), !isOver(line, wellBefore: answer) { return .served }
        // An agent is rung after he is offered the caller, and by the clock of another machine.
        let began = line.wasSeenFromStart ? line.started.shown.advanced(by: limits.settle) : line.started.shown
        let offers = queue.offers?[number]
        let last = offers?.last { $0 <= min(began, line.ringingStopped?.shown ?? began) }
        if legs.contains(where: { isOver($0, of: queue, since: last, wellBefore: line) }) { return .past }
        if let last { return .offered(last) }
        if offers != nil { return .past }
        if !legs.isEmpty { return .some }
        // The first that is heard of an agent is that he could not be had.
        if isSaid, case .agentFailed = step { return rang(line, wellAfter: said) ? .past : .some }
        return .untold
    }

    /// Whether a queue says that it connected its caller to this line.
    func wasServed(by line: TrackedCall) -> Bool {
        guard let queue = line.queueCall.flatMap({ calls[$0] }),
            queue.legs.contains(where: { $0.isServing && $0.line == line.local?.line })
        else { return false }
        return ringing(of: queue, at: line) == .served
    }

    /// Whether a stay may have rung the telephone of a call: it says so, or that of an agent whose line it did not
    /// name. Where it says nothing of agents it rang somebody only if it was served. Whoever is not named was ringing
    /// when the caller was served.
    func mayHaveRung(_ queue: TrackedCall, _ line: TrackedCall, _ answer: QueueAnswer) -> Bool {
        switch ringing(of: queue, at: line, answer: answer) {
        case .never: false
        case .past, .some, .offered, .served: true
        case .untold:
            (queue.legs.isEmpty ? queue.wasConnected : queue.legs.contains { $0.line == nil })
                && !isOver(line, wellBefore: answer)
        }
    }
}

extension TrackedCall {
    /// By the provider's clock, which times both, else by ours.
    fileprivate func begins(beforeTheEndOf other: TrackedCall, within slack: Span) -> Bool {
        let end = other.ended ?? (other.wasConnected ? nil : other.ringingStopped)
        guard let end else { return other.isOpen }
        let beginning = joined ?? started
        guard let first = beginning.provider, let last = end.provider else {
            return beginning.observed <= end.observed.advanced(by: slack)
        }
        return first <= last.advanced(by: slack)
    }
}
