extension TrackedCall {
    /// Whether these are its two parties. A platform that calls both sides may name them either way round; a line that
    /// we do not know is no contradiction.
    fileprivate func isBetween(_ local: Party?, _ remote: Party, lineNames: [String]) -> Bool {
        let names = self.lineNames + lineNames
        func agree(_ one: Party?, _ other: Party?) -> Bool {
            guard let one, let other else { return true }
            if one.isSameSubscriber(as: other) { return true }
            // A short number at the switchboard and a number from outside can be the same line, unless the provider
            // names the line and it is another.
            guard (one.kind == .extension) != (other.kind == .extension) else { return false }
            let short = one.kind == .extension ? one : other
            return names.isEmpty || short.raw.map(names.contains) == true
        }
        guard let known = self.remote else { return false }
        if known.isSameSubscriber(as: remote), agree(self.local, local) { return true }
        guard let own = self.local, let local else { return false }
        return known.isSameSubscriber(as: local) && agree(own, remote)
    }
}

/// Which call a fact is about.
extension CallTracker {
    func find(_ fact: CallFact, _ occasion: Occasion) -> TrackedCall? {
        if let id = fact.asked ?? fact.step.given, let call = calls[id] { return call }
        switch fact.reference {
        case .keys(let keys):
            for key in keys {
                guard let call = index.call(named: key).flatMap({ calls[$0] }) else { continue }
                // A provider that gives a name it has given before means another call each time we ask for one.
                if isPlacement(fact), call.isPlaced { continue }
                if isOfStay(before: call, fact, occasion), !isReturn(fact, toStay: call, occasion) {
                    return call.precededBy.flatMap { calls[$0] }
                }
                return isBack(fact, call, occasion) || isUsedAgain(fact, call, occasion) ? nil : call
            }
        case .parties(let line, let caller, let callee):
            let wanted = PartiesReference(line: line, caller: caller, callee: callee)
            let candidates = index.calls(onLine: line).compactMap { calls[$0] }
                .filter { $0.parties?.admits(wanted) == true }
                .sorted(by: TrackedCall.inOrder)
            if let open = candidates.last(where: \.isOpen) { return open }
            if let ended = candidates.last, isStillAbout(ended, fact, occasion) { return ended }
        }
        return placedCall(meantBy: fact, occasion)
    }

    /// Whether a name that is kept for an end which was never told begins another call. The end and all that comes
    /// between belong to the call that had the name; so does a beginning that the provider dates before what is known.
    private func isUsedAgain(_ fact: CallFact, _ call: TrackedCall, _ occasion: Occasion) -> Bool {
        guard call.isSetAside == true, fact.step.mayBegin else { return false }
        if case .connected = fact.step {
            // A telephone that has stopped ringing long ago, or began to, is not answered now. One that talks may be
            // told so once more.
            guard call.ended != nil || !call.wasConnected else { return false }
            return Moment.span(from: call.ended ?? call.started, to: occasion.moment).map { $0 > limits.forget }
                ?? false
        }
        return occasion.moment.isAfter(call.ended ?? call.started) != false
    }

    /// Whoever gives a name anew is done with the calls that had it.
    mutating func forgetNamesakes(of fact: CallFact) {
        guard fact.step.mayBegin else { return }
        var namesakes: Set<CallID> = []
        if case .keys(let keys) = fact.reference { namesakes.formUnion(keys.compactMap { index.call(named: $0) }) }
        if let session = fact.session { namesakes.formUnion(index.calls(inSession: index.session(named: session))) }
        for call in namesakes.compactMap({ calls[$0] }) where call.isSetAside == true { forget(call) }
    }

    /// Whether a fact without ids is late news of a call that has ended rather than the first of a new one: a neighbour
    /// that overtook takes no longer than the settle window. Another end is the other end of two calls that could not
    /// be told apart, or a repetition.
    private func isStillAbout(_ ended: TrackedCall, _ fact: CallFact, _ occasion: Occasion) -> Bool {
        // What was waited for in vain has come: the end, or the answer while it can be one.
        guard let end = ended.ended else {
            if fact.step.isEnd || isRepeated(fact, ended, occasion) { return true }
            return fact.step.isAnswer && !ended.wasConnected && ended.isSetAside != true
        }
        let elapsed = occasion.moment.observed.since(end.observed)
        if case .ended = fact.step {
            return ended.inference == Self.ambiguity
                || elapsed <= max(limits.settle, fact.repeatsWithin ?? limits.settle)
        }
        return elapsed <= limits.settle
    }

    static let ambiguity = "without ids two calls of the same parties cannot be told apart"

    /// A word of this call once more, soon enough to be the same notification.
    func isRepeated(_ fact: CallFact, _ call: TrackedCall, _ occasion: Occasion) -> Bool {
        guard let window = fact.repeatsWithin, let word = occasion.words?.event?.uppercased(),
            let heard = call.heard?[word]
        else { return false }
        return occasion.moment.observed.since(heard) <= window
    }

    /// A notification names no request of ours: it is taken to be about a call we placed a moment ago if it has the
    /// same two numbers (Keyyo and VoIPGRID document none). One that comes in is a call back, not ours. And the other
    /// way round, where the notification was faster than the answer to our request.
    private func placedCall(meantBy fact: CallFact, _ occasion: Occasion) -> TrackedCall? {
        guard fact.mayBePlaced, fact.direction != .inbound || fact.mayBeFirstLeg, let remote = fact.remote else {
            return nil
        }
        let candidates =
            isPlacement(fact) ? index.notifiedCalls(of: occasion.source) : index.placedCalls(of: occasion.source)
        return candidates.compactMap { calls[$0] }
            .filter { call in
                let age = occasion.moment.observed.since(call.started.observed)
                if fact.mayBeFirstLeg || call.mayBeFirstLeg == true {
                    // Somebody else may be calling this telephone: little time is given, and it rings for ours once.
                    return age <= Self.firstLegMatch && call.state.rank < CallState.connected.rank
                        && call.hasFirstLeg != true && call.isFirstLeg(of: fact)
                }
                return age <= limits.placementMatch && call.isBetween(fact.local, remote, lineNames: fact.lineNames)
            }
            .min(by: TrackedCall.inOrder)
    }

    /// How soon after our request a platform that calls us first does so.
    private static let firstLegMatch = Span.seconds(10)
}
