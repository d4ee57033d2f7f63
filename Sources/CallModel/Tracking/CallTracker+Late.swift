extension CallTracker {
    /// News about a call that has ended: it may add to what is known and change the outcome, never re-open the call.
    mutating func applyLate(_ fact: CallFact, to call: inout TrackedCall, _ occasion: Occasion) {
        let moment = occasion.moment
        fired(.late, call.id)
        // Samples come in order: what a status says after the end is a word without meaning (VoIPGRID, public clients).
        if call.ending?.unanswered == .unknown, moment.provider == nil { return }
        switch fact.step {
        case .initiated: noteBeginning(of: &call, .initiated, moment)
        case .ringing: noteBeginning(of: &call, .ringing, moment)
        case .queued:
            call.joined = call.joined ?? moment
            noteBeginning(of: &call, .queued, moment)
        case .connected(let answeredBy):
            reopenEnd(of: &call, fact, moment)
            lateConnection(of: &call, by: answeredBy, moment, counts: fact.isAnswerAfterEnd)
        case .agentBridged(let agent, let line):
            let answered = answer(fact, moment)
            if call.isOvertaken(agent: agent, at: moment, as: .connected) {
                // Its end was heard before it.
                let leg = call.legs.last { $0.agent == agent }
                if leg?.outcome == .answered, call.wasConnected { lateConnection(of: &call, by: nil, answered) }
                break
            }
            let cameToNothing =
                call.ending?.outcome == .abandoned || call.isOutdone(agent: agent, answered: answered)
            call.setLeg(agent: agent, line: line, state: .ended, outcome: cameToNothing ? .failed : .answered)
            if !cameToNothing { lateConnection(of: &call, by: nil, answered) }
        case .held, .resumed: lateConnection(of: &call, by: nil, moment, isAnswer: false)
        case .agentUnbridged(let agent, let line, let bridged):
            _ = call.isOvertaken(agent: agent, at: moment, as: .ended)
            call.setLeg(agent: agent, line: line, state: .ended, outcome: bridged ? .answered : .failed)
            if bridged { lateRelease(of: &call, fact, occasion) } else { lateTakeBack(of: &call) }
        case .agentOffered(let agent, let line):
            if !call.noteLine(line, ofAgent: agent) {
                let leg = Leg(line: line, agent: agent, state: .ended)
                let outcome = call.isLost ? .unknown : call.outcomeOfRinging(leg)
                call.setLeg(agent: agent, line: line, state: .ended, outcome: outcome)
            }
            tellOffer(.queueOffered, fact, call, occasion)
        case .agentFailed(let agent, let line, let outcome, _):
            fail(&call, agent: agent, line: line, outcome: outcome, moment)
            tellOffer(.queueOfferFailed, fact, call, occasion)
        case .ended(let ending): lateEnd(of: &call, ending, fact, occasion)
        case .ringingStopped:
            // The end that was waited for in vain, unless something follows.
            if call.isLost, !call.wasConnected, call.ringingStopped == nil, call.dueFor != .summary {
                call.due = moment.observed.advanced(by: limits.settle)
                call.dueFor = .ringingStopped
            }
            call.ringingStopped = call.ringingStopped ?? moment
        case .transferred(let transfer, let leavesUs):
            lateConnection(of: &call, by: nil, moment, isAnswer: false)
            if !leavesUs { call.handOver(transfer, fact, at: moment) }
            _ = call.note(transfer, leavesUs: leavesUs, at: moment)
        case .placed, .followed, .hangUpRequested, .remark: break
        }
        if call.ending != nil, let end = call.saidEnd ?? call.ended { noteConversation(in: &call, endedAt: end) }
        reconsider(&call, occasion)
    }

    /// A connection that the provider dates after the end is none of this call's, unless the end was only a silence,
    /// or the provider ends a call that goes on at another telephone (`counts`). One of which only the late arrival
    /// is known, or one dated after the end, has no time. `isAnswer` false: a hold or a transfer says nothing of
    /// when.
    private func lateConnection(
        of call: inout TrackedCall, by answeredBy: AnsweredBy?, _ moment: Moment, isAnswer: Bool = true,
        counts: Bool = false
    ) {
        if moment.isAfter(call.saidEnd ?? call.ended) == true, call.ending != nil, !counts { return }
        if call.ending == nil, !call.wasConnected {
            // A deadline ended the call, or the silence after the ringing, and it went on.
            call.isLost = false
            call.ended = nil
            // The real end may be hours away.
            if call.dueFor == .forget { call.due = moment.observed.advanced(by: limits.forgetLost) }
        }
        call.wasConnected = true
        if let said = call.saidEnd {
            call.ended = said
            call.saidEnd = nil
        }
        call.reconsiderTelephones()
        call.answeredBy = call.answeredBy ?? answeredBy
        guard isAnswer else { return }
        call.seeAnswer()
        if call.connected == nil, !moment.isContradicted(by: call.ended) { call.connected = moment }
    }

    /// Another of its dialogues goes on than the one whose end was that of the call: the end is to come.
    private func reopenEnd(of call: inout TrackedCall, _ fact: CallFact, _ moment: Moment) {
        guard fact.dialog != nil, call.ending != nil, call.hasOpenDialogue, !call.isOver(dialogueOf: fact) else {
            return
        }
        call.ending = nil
        call.ended = nil
        call.saidEnd = nil
        if call.dueFor == .forget { call.due = moment.observed.advanced(by: limits.forgetLost) }
    }

    private func lateRelease(of call: inout TrackedCall, _ fact: CallFact, _ occasion: Occasion) {
        if call.ending?.outcome != .abandoned {
            call.wasConnected = true
            noteAnswer(of: &call, fact, occasion)
        }
        let moment = occasion.moment
        call.released = call.released ?? Moment(observed: moment.observed, provider: fact.released ?? moment.provider)
    }

    /// The bridge never came to be; where no other did and the end says nothing of an answer, nobody was reached.
    private func lateTakeBack(of call: inout TrackedCall) {
        guard call.ending?.outcome != .answered, !call.isServed else { return }
        call.loseConnection()
        // Until it seemed to be answered its end was not known, and is not now.
        if call.ending == nil { call.isLost = true }
    }

    private mutating func lateEnd(
        of call: inout TrackedCall, _ ending: CallFact.Ending, _ fact: CallFact, _ occasion: Occasion
    ) {
        if fact.dialog != nil, call.hasOpenDialogue { return fired(.dialogueEnded, call.id) }
        let end =
            fact.dialog == nil ? occasion.moment : call.lastDialogueEnded(settle: limits.settle) ?? occasion.moment
        if ending.isConversation { call.wasConnected = true }
        if call.isLost || call.ending == nil || call.isEndingConcluded == true {
            noteConversation(in: &call, endedAt: end)
            if call.isLost || call.wasConnected || call.ended == nil { call.ended = end } else { call.saidEnd = end }
            call.isLost = false
            call.isEndingConcluded = nil
            if let why = call.inference, TrackedCall.unseenEnds.contains(why) { call.inference = nil }
            call.ending = ending
            if ending.outcome == .abandoned { call.abandon() }
            if ending.outcome == .answered { call.noteServing(fact) }
            if call.dueFor != .summary {
                call.due = occasion.moment.observed.advanced(by: limits.forget)
                call.dueFor = .forget
            }
        } else {
            if ending.isMoreSpecific(than: call.ending) { call.ending = ending }
            if fact.dialog != nil, let last = call.lastDialogueEnded(settle: limits.settle) { call.ended = last }
        }
        if let released = fact.released, call.released == nil {
            call.released = Moment(observed: occasion.moment.observed, provider: released)
        }
        noteAnswer(of: &call, fact, occasion)
    }

    /// Puts the outcome and the durations right where they are no longer what readers were told.
    mutating func reconsider(_ call: inout TrackedCall, _ occasion: Occasion) {
        guard !call.isOpen, let summary = call.summary else { return }
        noteTakeover(of: &call)
        let conclusion = conclusion(of: call)
        var data = call.data(concluding: conclusion, words: occasion.words)
        guard call.told(data) != call.told else { return }
        call.told = call.told(data)
        data.corrects = summary
        fired(.corrected, call.id, conclusion.text)
        tellOnce(.callCorrected, call, occasion, data)
    }
}
