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
            // Its end was heard before it, and what rang besides is silent now.
            if fact.dialog != nil, let end = call.lastDialogueEnded(settle: limits.settle), !call.hasOpenDialogue {
                call.ending = CallFact.Ending()
                finish(&call, at: end, occasion)
            }
        case .held: hold(&call, .held, .callHeld, isNew: isNew, occasion)
        case .resumed: hold(&call, .connected, .callResumed, isNew: isNew, occasion)
        case .ended(let ending):
            if fact.dialog != nil, call.hasOpenDialogue { return fired(.dialogueEnded, call.id) }
            if isNew { call.openedLate = "first seen ended" }
            let end =
                fact.dialog == nil ? occasion.moment : call.lastDialogueEnded(settle: limits.settle) ?? occasion.moment
            if ending.outcome == .answered {
                confirmBridge(of: &call, fact, occasion)
                call.noteServing(fact)
            }
            call.ending = ending
            if ending.isConversation { call.wasConnected = true }
            noteConversation(in: &call, endedAt: end)
            if let released = fact.released {
                call.released = Moment(observed: occasion.moment.observed, provider: released)
            }
            noteAnswer(of: &call, fact, occasion)
            finish(&call, at: end, occasion)
        case .agentOffered(let agent, let line): offer(&call, fact, agent: agent, line: line, isNew: isNew, occasion)
        case .agentFailed(let agent, let line, let outcome, _):
            fail(&call, agent: agent, line: line, outcome: outcome, occasion.moment)
            fired(.agentFailed, call.id, outcome.rawValue)
            tellOffer(.queueOfferFailed, fact, call, occasion)
        case .agentBridged(let agent, let line): bridge(&call, fact, agent: agent, line: line, isNew: isNew, occasion)
        case .agentUnbridged(let agent, let line, let bridged):
            if bridged {
                bridgeEnded(&call, fact, agent: agent, line: line, isNew: isNew, occasion)
            } else {
                takeBack(&call, agent: agent, line: line, isNew: isNew, occasion)
            }
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
    mutating func reach(
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
        let isEnding =
            (call.dueFor == .ringingStopped && state == .ringing) || [.bridgeEnded, .replaced].contains(call.dueFor)
        if !isEnding { setDeadline(&call, occasion) }
        let id = tell(type, call, occasion, call.data(words: occasion.words))
        if state == .connected { call.connectedEvent = id }
    }

    /// A word for the ringing that came after the answer or the end tells the time of neither, unless it brings one.
    func noteBeginning(of call: inout TrackedCall, _ state: CallState, _ moment: Moment) {
        call.openedLate = nil
        if state == .ringing, !moment.isContradicted(by: call.connected ?? call.ended) {
            // Several dialogues ring: from the first on.
            if call.ringing == nil || call.ringing?.isAfter(moment) == true && (call.dialogues?.count ?? 0) > 1 {
                call.ringing = moment
            }
        }
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
    /// seen. So was one that took a call over, for which nobody is rung.
    mutating func noteConversation(in call: inout TrackedCall, endedAt end: Moment) {
        guard !call.wasConnected else {
            if call.endsWithUnseenTakeover(settle: limits.settle) { call.inference = TrackedCall.unseenTakeover }
            return
        }
        func isLong(since start: Moment?) -> Bool {
            Moment.span(from: start, to: end).map { $0 > limits.settle } ?? false
        }
        if isLong(since: call.ringingStopped) {
            call.inference = TrackedCall.unseenAnswer
        } else if isLong(since: call.takeoverBegan) {
            call.inference = TrackedCall.unseenTakeover
        } else {
            return
        }
        fired(.conversationInferred, call.id)
        call.wasConnected = true
    }

    mutating func finish(_ call: inout TrackedCall, at end: Moment?, _ occasion: Occasion) {
        call.state = .ended
        call.isAnnounced = true
        call.isStale = nil
        call.ended = end
        if call.ending?.outcome == .abandoned { call.abandon() }
        noteTakeover(of: &call)
        for leg in call.legs.indices where call.legs[leg].state != .ended || call.legs[leg].outcome == nil {
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
}
