/// A stay in a queue: whom it is offered to, which bridge counts, and which came to nothing.
extension CallTracker {
    mutating func offer(
        _ call: inout TrackedCall, _ fact: CallFact, agent: String, line: String?, isNew: Bool, _ occasion: Occasion
    ) {
        openQueued(&call, isNew: isNew, "first seen when an agent was rung", occasion)
        fired(.agentOffered, call.id, agent)
        doubtBridge(of: &call, offeredTo: agent, occasion)
        let isOvertaken = call.isOvertaken(agent: agent, at: occasion.moment, as: .ringing)
        let isKnown = call.noteLine(line, ofAgent: agent)
        if !isOvertaken, call.state == .queued || !isKnown {
            call.setLeg(agent: agent, line: line, state: .ringing)
        }
        tellOffer(.queueOffered, fact, call, occasion)
    }

    /// Nobody is rung for a caller who has been served: the bridge before it came to nothing, whenever that is said.
    /// But agents who are rung together are offered one by one, and dated by whole seconds: the offer to another one
    /// than the bridge's may be dated after a quick answer.
    private mutating func doubtBridge(of call: inout TrackedCall, offeredTo agent: String, _ occasion: Occasion) {
        guard call.state == .connected, occasion.moment.isAfter(call.connected) == true,
            let bridged = call.legs.last(where: { $0.state == .connected && $0.agent != nil })?.agent
        else { return }
        let since = Moment.span(from: call.connected, to: occasion.moment) ?? .milliseconds(0)
        guard agent == bridged || since > Self.offersTogether else { return }
        let doubted = TrackedCall.Bridge(agent: bridged, answered: call.connected)
        call.dropBridges()
        loseBridge(&call, occasion)
        call.doubtedBridge = doubted
    }

    /// How much later than the first the last of the agents may be offered a caller who are rung for him together.
    /// The next round comes after a pause of several seconds (FreeSWITCH `mod_callcenter`).
    private static let offersTogether = Span.seconds(3)

    func fail(_ call: inout TrackedCall, agent: String, line: String?, outcome: Outcome, _ moment: Moment) {
        guard !call.isOvertaken(agent: agent, at: moment, as: .ended) else { return }
        call.setLeg(agent: agent, line: line, state: .ended, outcome: outcome)
    }

    mutating func bridge(
        _ call: inout TrackedCall, _ fact: CallFact, agent: String, line: String?, isNew: Bool, _ occasion: Occasion
    ) {
        _ = call.noteLine(line, ofAgent: agent)
        let answered = answer(fact, occasion.moment)
        if call.isOvertaken(agent: agent, at: occasion.moment, as: .connected) {
            // Already taken back: it never came to be.
            guard call.legs.last(where: { $0.agent == agent })?.outcome == .answered else { return }
        } else if call.isOutdone(agent: agent, answered: answered) {
            return call.setLeg(agent: agent, line: line, state: .ended, outcome: .failed)
        } else {
            call.setLeg(agent: agent, line: line, state: .connected)
            // A caller has one agent at a time: the last bridge is the one that counts, an earlier one came to nothing.
            call.dropBridges(but: agent)
            call.doubtedBridge = nil
            if call.dueFor == .bridgeEnded {
                call.released = nil
                setDeadline(&call, occasion)
            }
        }
        call.wasConnected = true
        if call.connected == nil || answered.isAfter(call.connected) == true { call.connected = answered }
        reach(.connected, .callConnected, &call, isNew: isNew, occasion)
    }

    /// When the caller was answered: said by the event itself, or else its own time.
    func answer(_ fact: CallFact, _ moment: Moment) -> Moment {
        Moment(observed: moment.observed, provider: fact.answered ?? moment.provider)
    }

    /// The queue reports a bridge before it is tried; here it says that the bridge never came to be.
    mutating func takeBack(
        _ call: inout TrackedCall, agent: String, line: String?, isNew: Bool, _ occasion: Occasion
    ) {
        openQueued(&call, isNew: isNew, "first seen when an agent could not be bridged", occasion)
        // Also where he has been offered the caller again since.
        if let doubted = call.doubtedBridge, doubted.agent == agent, doubted.answered?.isAfter(occasion.moment) != true
        {
            call.doubtedBridge = nil
        }
        guard !call.isOvertaken(agent: agent, at: occasion.moment, as: .ended) else { return }
        call.setLeg(agent: agent, line: line, state: .ended, outcome: .failed)
        guard call.state == .connected, !call.isServed else { return }
        loseBridge(&call, occasion)
    }

    /// The caller is in the queue again.
    private mutating func loseBridge(_ call: inout TrackedCall, _ occasion: Occasion) {
        fired(.bridgeTakenBack, call.id)
        call.state = .queued
        call.loseConnection()
        setDeadline(&call, occasion)
        var data = call.data(words: occasion.words)
        data.corrects = call.connectedEvent
        call.connectedEvent = nil
        call.doubtedBridge = nil
        tell(.callCorrected, call, occasion, data)
    }

    mutating func bridgeEnded(
        _ call: inout TrackedCall, _ fact: CallFact, agent: String, line: String?, isNew: Bool, _ occasion: Occasion
    ) {
        if isNew {
            call.isAnnounced = false
            call.state = .connected
            call.openedLate = "first seen when the bridge to the agent ended"
        }
        guard !call.isOvertaken(agent: agent, at: occasion.moment, as: .ended) else { return }
        call.setLeg(agent: agent, line: line, state: .ended, outcome: .answered)
        if call.doubtedBridge?.agent == agent {
            restoreBridge(of: &call, fact, occasion)
        } else {
            noteAnswer(of: &call, fact, occasion)
            call.wasConnected = true
        }
        guard call.released == nil else { return }
        fired(.bridgeEnded, call.id)
        call.released = Moment(
            observed: occasion.moment.observed, provider: fact.released ?? occasion.moment.provider)
        call.due = occasion.moment.observed.advanced(by: limits.settle)
        call.dueFor = .bridgeEnded
    }

    /// The queue says that the caller was served, and of no other agent or time than those of the bridge that was
    /// doubted.
    mutating func confirmBridge(of call: inout TrackedCall, _ fact: CallFact, _ occasion: Occasion) {
        guard let doubted = call.doubtedBridge, !call.isServed, fact.queue?.agent ?? doubted.agent == doubted.agent,
            Moment(observed: occasion.moment.observed, provider: fact.answered).isAfter(doubted.answered) != true
        else { return }
        call.setLeg(agent: doubted.agent, line: nil, state: .connected)
        restoreBridge(of: &call, fact, occasion)
    }

    /// The doubt was wrong: it was a bridge, which readers are told before its end.
    private mutating func restoreBridge(of call: inout TrackedCall, _ fact: CallFact, _ occasion: Occasion) {
        call.connected = call.doubtedBridge?.answered
        call.doubtedBridge = nil
        noteAnswer(of: &call, fact, occasion)
        call.wasConnected = true
        reach(.connected, .callConnected, &call, isNew: false, occasion)
    }

    private mutating func openQueued(_ call: inout TrackedCall, isNew: Bool, _ why: String, _ occasion: Occasion) {
        guard isNew else { return }
        call.state = .queued
        call.openedLate = why
        setDeadline(&call, occasion)
        tell(.callQueued, call, occasion, call.data(words: occasion.words))
    }

    /// A later event of a queue repeats when the caller was answered. An earlier bridge came to nothing, even if that
    /// was not heard.
    func noteAnswer(of call: inout TrackedCall, _ fact: CallFact, _ occasion: Occasion) {
        guard let answered = fact.answered else { return }
        if let connected = call.connected, connected.provider.map({ $0 >= answered }) ?? true { return }
        call.connected = Moment(observed: occasion.moment.observed, provider: answered)
    }

    mutating func tellOffer(_ type: EventType, _ fact: CallFact, _ call: TrackedCall?, _ occasion: Occasion) {
        var offer = QueueOffer(
            call: call?.id, queue: call?.queue?.name ?? fact.queue?.name, agent: "",
            remote: call?.remote ?? fact.remote,
            words: occasion.words ?? ProviderWords())
        switch fact.step {
        case .agentOffered(let agent, _): offer.agent = agent
        case .agentFailed(let agent, _, let outcome, let cause):
            offer.agent = agent
            offer.outcome = call?.shownLegs.last { $0.agent == agent }?.outcome ?? outcome
            offer.cause = cause
        default: return
        }
        let subject = call?.id.rawValue ?? offer.queue ?? offer.agent
        tell(type, subject: subject, occasion, .queueOffer(offer))
    }
}
