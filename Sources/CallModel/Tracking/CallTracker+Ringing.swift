/// Which call to a line a stay in a queue rings, as far as agents and times tell. Ringing begins soon after an agent is
/// offered the caller, and stops when he, or another one, is connected: the settle window is what the two may differ by.
extension CallTracker {
    /// Whether there was a moment at which both went on, as far as is known. A line that is first heard of when its ringing
    /// stops began before that.
    func overlap(_ line: TrackedCall, _ stay: TrackedCall, isSeen: Bool) -> Bool {
        line.begins(beforeTheEndOf: stay, within: isSeen ? .milliseconds(0) : limits.settle)
            && stay.begins(beforeTheEndOf: line, within: .milliseconds(0))
    }

    /// Whether a line that nobody took was silent again well before a moment at which it is said to ring or to answer.
    private func isOver(_ line: TrackedCall, wellBefore moment: Moment?) -> Bool {
        guard !line.wasConnected, let stopped = line.ringingStopped ?? line.ended else { return false }
        return Moment.span(from: stopped, to: moment).map { $0 > limits.settle } ?? false
    }

    /// Whether a line is known to have rung well after a moment at which it would have been silent, or connected.
    private func rang(_ line: TrackedCall, wellAfter moment: Moment?) -> Bool {
        let known = line.ringingStopped ?? (line.wasSeenFromStart ? line.started : nil)
        return Moment.span(from: moment, to: known).map { $0 > limits.settle } ?? false
    }

    /// Whether the last that is known of an agent's leg, also since an offer, is that it was over, well before a line rang.
    /// Only the provider's clock can tell.
    private func isOver(
        _ leg: Leg, of queue: TrackedCall, since offer: Timestamp?, wellBefore line: TrackedCall
    ) -> Bool {
        guard leg.state == .ended, leg.outcome != .answered, let last = leg.agent.flatMap({ queue.legTimes[$0] }),
            offer.map({ last > $0 }) != false
        else { return false }
        return rang(line, wellAfter: Moment(observed: line.started.observed, provider: last))
    }

    /// How surely a stay rings the line of a call: 3 where it was answered there, 2 where its agent was offered the caller,
    /// the last offer most surely: an agent is rung for one caller at a time. 1 where it rang the line some time, 0 where it
    /// does not say so, or not of this call: one that rang before, or rings when the caller has been served.
    func ringing(of queue: TrackedCall, onLineOf line: TrackedCall) -> (Int, Timestamp) {
        let never = Timestamp(milliseconds: .min)
        guard let number = line.local?.line, !rang(line, wellAfter: queue.connected) else { return (0, never) }
        let legs = queue.legs.filter { $0.line == number }
        if legs.contains(where: \.isServing), !isOver(line, wellBefore: queue.connected) { return (3, never) }
        // An agent is rung after he is offered the caller, and by the clock of another machine.
        let began = line.wasSeenFromStart ? line.started.shown.advanced(by: limits.settle) : line.started.shown
        let offers = queue.offers?[number]
        let last = offers?.last { $0 <= min(began, line.ringingStopped?.shown ?? began) }
        if legs.contains(where: { isOver($0, of: queue, since: last, wellBefore: line) }) { return (0, never) }
        if let last { return (2, last) }
        return (offers == nil && !legs.isEmpty ? 1 : 0, never)
    }

    /// The same by what the stay says now, of the line of one agent.
    func claim(
        of queue: TrackedCall, to line: TrackedCall, _ step: CallFact.Step, _ occasion: Occasion
    ) -> (Int, Timestamp)? {
        guard let named = step.agentAndLine?.line, named == line.local?.line else { return nil }
        if case .agentBridged = step, !isOver(line, wellBefore: occasion.moment),
            !rang(line, wellAfter: occasion.moment)
        {
            return (3, Timestamp(milliseconds: .min))
        }
        return ringing(of: queue, onLineOf: line)
    }

    /// Whether a queue says that it connected its caller to this line.
    func wasServed(by line: TrackedCall) -> Bool {
        guard let queue = line.queueCall.flatMap({ calls[$0] }), !isOver(line, wellBefore: queue.connected),
            !rang(line, wellAfter: queue.connected)
        else { return false }
        return queue.legs.contains { leg in
            leg.line != nil && leg.line == line.local?.line && (leg.state == .connected || leg.outcome == .answered)
        }
    }

    /// Whether a stay may have rung the telephone of a call: it says so, or that of an agent whose line it did not name.
    /// Where it says nothing of agents it rang somebody only if it was served. Whoever is not named was ringing when the
    /// caller was served; nobody rings for him after that.
    func mayHaveRung(_ queue: TrackedCall, _ line: TrackedCall) -> Bool {
        guard !rang(line, wellAfter: queue.connected) else { return false }
        if queue.legs.contains(where: { $0.line != nil && $0.line == line.local?.line }) { return true }
        guard queue.legs.isEmpty ? queue.wasConnected : queue.legs.contains(where: { $0.line == nil }) else {
            return false
        }
        return !isOver(line, wellBefore: queue.connected)
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
