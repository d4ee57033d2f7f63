extension CallTracker {
    /// Moves an open call by one step and tells readers where that changes something.
    mutating func apply(_ fact: CallFact, to call: inout TrackedCall, isNew: Bool, _ occasion: Occasion) {
        guard call.isOpen else { return applyLate(fact, to: &call, occasion) }
        // The provider agreed to end it: what a status says until then is only passed on (VoIPGRID, public clients).
        if call.isHangUpRequested, !call.wasConnected, !fact.step.isEnd { return fired(.hangUpPending, call.id) }
        switch fact.step {
        case .placed, .initiated: reach(.initiated, .callInitiated, &call, isNew: isNew, occasion)
        case .followed:
            guard isNew else { break }
            call.isAnnounced = false
            setDeadline(&call, occasion)
        case .queued:
            call.joined = call.joined ?? occasion.moment
            reach(.queued, .callQueued, &call, isNew: isNew, occasion)
        case .ringing: reach(.ringing, .callRinging, &call, isNew: isNew, occasion)
        case .ringingStopped: ringingStopped(&call, isNew: isNew, occasion)
        case .connected(let answeredBy):
            noteConnection(of: &call, by: answeredBy, at: occasion.moment)
            reach(.connected, .callConnected, &call, isNew: isNew, occasion)
        case .held: hold(&call, .held, .callHeld, isNew: isNew, occasion)
        case .resumed: hold(&call, .connected, .callResumed, isNew: isNew, occasion)
        case .ended(let ending):
            if isNew { call.openedLate = "first seen ended" }
            call.ending = ending
            if ending.isConversation { call.wasConnected = true }
            noteConversation(in: &call, endedAt: occasion.moment)
            if let released = fact.released {
                call.released = Moment(observed: occasion.moment.observed, provider: released)
            }
            noteAnswer(of: &call, fact, occasion)
            finish(&call, at: occasion.moment, occasion)
        case .agentOffered(let agent, let line): offer(&call, fact, agent: agent, line: line, isNew: isNew, occasion)
        case .agentFailed(let agent, let outcome, _):
            fail(&call, agent: agent, outcome: outcome, occasion.moment)
            fired(.agentFailed, call.id, outcome.rawValue)
            tellOffer(.queueOfferFailed, fact, call, occasion)
        case .agentBridged(let agent, let line): bridge(&call, fact, agent: agent, line: line, isNew: isNew, occasion)
        case .agentUnbridged(let agent, bridged: false): takeBack(&call, agent: agent, isNew: isNew, occasion)
        case .agentUnbridged(let agent, bridged: true): bridgeEnded(&call, fact, agent: agent, isNew: isNew, occasion)
        case .transferred(let transfer, let leavesUs):
            if !leavesUs, !isNew { call.handOver(transfer, fact, at: occasion.moment) }
            self.transfer(&call, transfer, leavesUs: leavesUs, isNew: isNew, occasion)
        case .hangUpRequested:
            call.isHangUpRequested = true
            fired(.hangUpRequested, call.id)
        case .remark: break
        }
    }

    // MARK: - Forward

    /// Any forward jump is legal; a state that was skipped is not invented; a late word of an earlier state only adds
    /// what was not known.
    private mutating func reach(
        _ state: CallState, _ type: EventType, _ call: inout TrackedCall, isNew: Bool, _ occasion: Occasion
    ) {
        let isFirst = isNew || (!call.isAnnounced && call.openedLate == nil)
        if isFirst, state.rank > CallState.ringing.rank { call.openedLate = "first seen \(state.rawValue)" }
        if state.rank <= CallState.ringing.rank { noteBeginning(of: &call, state, occasion.moment) }
        guard isNew || state.rank > call.state.rank || !call.isAnnounced else {
            return fired(.notForward, call.id, state.rawValue)
        }
        fired(.reached, call.id, state.rawValue)
        call.state = state.rank >= call.state.rank ? state : call.state
        call.isAnnounced = true
        let isEnding = (call.dueFor == .ringingStopped && state == .ringing) || call.dueFor == .bridgeEnded
        if !isEnding { setDeadline(&call, occasion) }
        let id = tell(type, call, occasion, call.data(words: occasion.words))
        if state == .connected { call.connectedEvent = id }
    }

    /// A word for the ringing that came after the answer or the end tells the time of neither, unless it brings one.
    func noteBeginning(of call: inout TrackedCall, _ state: CallState, _ moment: Moment) {
        call.openedLate = nil
        if state == .ringing, call.ringing == nil, !moment.isContradicted(by: call.connected ?? call.ended) {
            call.ringing = moment
        }
        if let provider = moment.provider, provider < call.started.shown { call.started.provider = provider }
    }

    private func noteConnection(of call: inout TrackedCall, by answeredBy: AnsweredBy?, at moment: Moment) {
        call.wasConnected = true
        if call.connected == nil || call.connected?.isAfter(moment) == true { call.connected = moment }
        call.answeredBy = call.answeredBy ?? answeredBy
    }

    private mutating func hold(
        _ call: inout TrackedCall, _ state: CallState, _ type: EventType, isNew: Bool, _ occasion: Occasion
    ) {
        // Hold and resume alternate; the provider's clock tells which of two came last.
        if call.lastHold?.isAfter(occasion.moment) == true { return fired(.heldBefore, call.id) }
        call.lastHold = occasion.moment
        call.wasConnected = true
        guard !isNew, call.state.rank == CallState.connected.rank, call.isAnnounced else {
            let opening: EventType = state == .held ? .callHeld : .callConnected
            return reach(state, opening, &call, isNew: isNew, occasion)
        }
        guard call.state != state else { return }
        fired(.reached, call.id, state.rawValue)
        call.state = state
        setDeadline(&call, occasion)
        tell(type, call, occasion, call.data(words: occasion.words))
    }

    /// Whoever is transferred was connected before.
    private mutating func transfer(
        _ call: inout TrackedCall, _ transfer: Transfer, leavesUs: Bool, isNew: Bool, _ occasion: Occasion
    ) {
        // When, is not said: the transfer comes some time after the connection.
        call.wasConnected = true
        if isNew { call.openedLate = "first seen transferred" }
        fired(.transferred, call.id)
        let isNews = call.note(transfer, leavesUs: leavesUs, at: occasion.moment) || call.state != .connected || isNew
        call.state = .connected
        call.isAnnounced = true
        setDeadline(&call, occasion)
        if isNews { tell(.callTransferred, call, occasion, call.data(words: occasion.words)) }
    }

    // MARK: - Queues

    private mutating func offer(
        _ call: inout TrackedCall, _ fact: CallFact, agent: String, line: String?, isNew: Bool, _ occasion: Occasion
    ) {
        openQueued(&call, isNew: isNew, "first seen when an agent was rung", occasion)
        fired(.agentOffered, call.id, agent)
        // Nobody is rung for a caller who has been served: the bridge before it came to nothing, whenever that is said.
        if call.state == .connected, occasion.moment.isAfter(call.connected) == true {
            for leg in call.legs.indices where call.legs[leg].state == .connected {
                call.legs[leg].state = .ended
                call.legs[leg].outcome = .failed
            }
            loseBridge(&call, occasion)
        }
        let isOvertaken = call.isOvertaken(agent: agent, at: occasion.moment, as: .ringing)
        if !isOvertaken, call.state == .queued || !call.legs.contains(where: { $0.agent == agent }) {
            call.setLeg(agent: agent, line: line, state: call.wasConnected ? .ended : .ringing)
        }
        tellOffer(.queueOffered, fact, call, occasion)
    }

    func fail(_ call: inout TrackedCall, agent: String, outcome: Outcome, _ moment: Moment) {
        guard !call.isOvertaken(agent: agent, at: moment, as: .ended) else { return }
        // The queue gave up on this agent because the caller was gone: to another agent, or for good.
        let outcome = outcome == .abandoned && call.wasConnected ? .answeredElsewhere : outcome
        call.setLeg(agent: agent, line: nil, state: .ended, outcome: outcome)
    }

    private mutating func bridge(
        _ call: inout TrackedCall, _ fact: CallFact, agent: String, line: String?, isNew: Bool, _ occasion: Occasion
    ) {
        if call.isOvertaken(agent: agent, at: occasion.moment, as: .connected) {
            // Already taken back: it never came to be.
            guard call.legs.last(where: { $0.agent == agent })?.outcome == .answered else { return }
        } else {
            call.setLeg(agent: agent, line: line, state: .connected)
            if call.dueFor == .bridgeEnded {
                call.released = nil
                setDeadline(&call, occasion)
            }
        }
        // A caller has one agent at a time: the last bridge is the one that counts, an earlier one came to nothing.
        let answered = answer(fact, occasion.moment)
        call.wasConnected = true
        if call.connected == nil || answered.isAfter(call.connected) == true { call.connected = answered }
        reach(.connected, .callConnected, &call, isNew: isNew, occasion)
    }

    /// When the caller was answered: said by the event itself, or else its own time.
    func answer(_ fact: CallFact, _ moment: Moment) -> Moment {
        Moment(observed: moment.observed, provider: fact.answered ?? moment.provider)
    }

    /// The queue reports a bridge before it is tried; here it says that the bridge never came to be.
    private mutating func takeBack(_ call: inout TrackedCall, agent: String, isNew: Bool, _ occasion: Occasion) {
        openQueued(&call, isNew: isNew, "first seen when an agent could not be bridged", occasion)
        guard !call.isOvertaken(agent: agent, at: occasion.moment, as: .ended) else { return }
        call.setLeg(agent: agent, line: nil, state: .ended, outcome: .failed)
        guard call.state == .connected, !call.legs.contains(where: { $0.state == .connected }) else { return }
        loseBridge(&call, occasion)
    }

    /// The caller is in the queue again.
    private mutating func loseBridge(_ call: inout TrackedCall, _ occasion: Occasion) {
        fired(.bridgeTakenBack, call.id)
        call.state = .queued
        call.wasConnected = false
        call.connected = nil
        call.queue?.agent = nil
        setDeadline(&call, occasion)
        var data = call.data(words: occasion.words)
        data.corrects = call.connectedEvent
        call.connectedEvent = nil
        tell(.callCorrected, call, occasion, data)
    }

    private mutating func bridgeEnded(
        _ call: inout TrackedCall, _ fact: CallFact, agent: String, isNew: Bool, _ occasion: Occasion
    ) {
        if isNew {
            call.isAnnounced = false
            call.state = .connected
            call.openedLate = "first seen when the bridge to the agent ended"
        }
        guard !call.isOvertaken(agent: agent, at: occasion.moment, as: .ended) else { return }
        call.setLeg(agent: agent, line: nil, state: .ended, outcome: .answered)
        noteAnswer(of: &call, fact, occasion)
        call.wasConnected = true
        guard call.released == nil else { return }
        fired(.bridgeEnded, call.id)
        call.released = Moment(
            observed: occasion.moment.observed, provider: fact.released ?? occasion.moment.provider)
        call.due = occasion.moment.observed.advanced(by: limits.settle)
        call.dueFor = .bridgeEnded
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
        case .agentFailed(let agent, let outcome, let cause):
            offer.agent = agent
            offer.outcome = call?.legs.last { $0.agent == agent }?.outcome ?? outcome
            offer.cause = cause
        default: return
        }
        let subject = call?.id.rawValue ?? offer.queue ?? offer.agent
        tell(type, subject: subject, occasion, .queueOffer(offer))
    }

    // MARK: - Ends

    private mutating func ringingStopped(_ call: inout TrackedCall, isNew: Bool, _ occasion: Occasion) {
        guard !call.wasConnected, call.ringingStopped == nil else { return }
        if isNew {
            call.isAnnounced = false
            call.state = .ringing
            call.openedLate = "first seen when the ringing stopped"
        }
        fired(.ringingStopped, call.id)
        call.ringingStopped = occasion.moment
        call.due = occasion.moment.observed.advanced(by: limits.settle)
        call.dueFor = .ringingStopped
    }

    /// A line that is released well after its ringing stopped was talking in between, even if the answer was not
    /// seen.
    mutating func noteConversation(in call: inout TrackedCall, endedAt end: Moment) {
        guard !call.wasConnected, let span = Moment.span(from: call.ringingStopped, to: end), span > limits.settle
        else {
            return
        }
        fired(.conversationInferred, call.id)
        call.wasConnected = true
        call.inference = "released well after the ringing stopped; the answer itself was not seen"
    }

    mutating func finish(_ call: inout TrackedCall, at end: Moment?, _ occasion: Occasion) {
        call.state = .ended
        call.isAnnounced = true
        call.isStale = nil
        call.ended = end
        noteTakeover(of: &call)
        for leg in call.legs.indices where call.legs[leg].state != .ended {
            let wasTalking = call.legs[leg].state == .connected
            call.legs[leg].state = .ended
            call.legs[leg].outcome =
                if call.isLost {
                    .unknown
                } else if wasTalking {
                    .answered
                } else {
                    call.outcomeOfRinging(call.legs[leg])
                }
        }
        call.due = occasion.moment.observed.advanced(by: limits.settle)
        call.dueFor = .summary
        let conclusion = conclusion(of: call)
        fired(.finished, call.id, conclusion.text)
        tell(.callEnded, call, occasion, call.data(concluding: conclusion, words: occasion.words))
    }

    mutating func deadlineReached(_ known: TrackedCall) {
        var call = known
        switch call.dueFor {
        case .stateDeadline:
            call.isLost = true
            if let ends = call.conferenceEnds, ends <= call.due { call.isConferenceOver = true }
            fired(call.isConferenceOver == true ? .deadlineConference : .deadlineLost, call.id, call.state.rawValue)
            finish(&call, at: nil, Occasion(deadline: "lost", of: call))
        case .ringingStopped where !call.isOpen:
            foundSilent(&call)
            reconsider(&call, Occasion(deadline: "silent", of: call))
            call.due = call.due.advanced(by: limits.forget)
            call.dueFor = .setAside
        case .ringingStopped:
            fired(.deadlineSilent, call.id)
            finish(&call, at: call.ringingStopped, Occasion(deadline: "silent", of: call))
            // The settle window of this end began when the ringing stopped.
            call.due = known.due
        case .bridgeEnded:
            call.ending = CallFact.Ending(outcome: .answered)
            fired(.deadlineUnbridged, call.id)
            call.inference = "the bridge to the agent ended; the queue did not report the end"
            finish(&call, at: call.released, Occasion(deadline: "unbridged", of: call))
            call.due = known.due
        case .summary:
            foundSilent(&call)
            noteTakeover(of: &call)
            let occasion = Occasion(deadline: "settled", of: call)
            let conclusion = conclusion(of: call)
            fired(.settled, call.id, conclusion.text)
            let data = call.data(concluding: conclusion, words: nil)
            call.told = call.told(data)
            call.summary = tell(.callSummary, call, occasion, data)
            call.due = call.due.advanced(by: limits.forget)
            call.dueFor = call.ending == nil ? .setAside : .forget
        case .setAside:
            call.isSetAside = true
            call.due = call.due.advanced(by: limits.rest)
            call.dueFor = .forget
        case .forget:
            forget(call)
            return
        }
        let isDueAtOnce = call.due == known.due
        store(call)
        if isDueAtOnce { deadlineReached(call) }
    }

    /// The ringing of a call whose end counted as lost has stopped after all, and nothing followed.
    private mutating func foundSilent(_ call: inout TrackedCall) {
        guard call.isLost, !call.wasConnected, let stopped = call.ringingStopped else { return }
        fired(.deadlineSilent, call.id)
        call.isLost = false
        call.ended = stopped
    }

    private func setDeadline(_ call: inout TrackedCall, _ occasion: Occasion) {
        let due = occasion.moment.observed.advanced(by: limits.deadline(in: call.state))
        call.due = call.conferenceEnds.map { min($0, due) } ?? due
        call.dueFor = .stateDeadline
    }
}
