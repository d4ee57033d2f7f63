extension CallTracker {
    /// News about a call that has ended: it may add to what is known and change the outcome, never re-open the call.
    mutating func applyLate(_ fact: CallFact, to call: inout TrackedCall, _ occasion: Occasion) {
        let moment = occasion.moment
        switch fact.step {
        case .initiated, .queued, .ringing:
            call.openedLate = nil
            if case .ringing = fact.step { call.ringing = call.ringing ?? moment }
            if case .queued = fact.step { call.joined = call.joined ?? moment }
            if let provider = moment.provider, provider < call.started.shown { call.started.provider = provider }
        case .connected(let answeredBy): lateConnection(of: &call, by: answeredBy, moment)
        case .agentBridged(let agent, let line):
            call.setLeg(agent: agent, line: line, state: .ended, outcome: .answered)
            lateConnection(of: &call, by: nil, moment)
        case .held, .resumed: lateConnection(of: &call, by: nil, moment)
        case .agentUnbridged(let agent, let bridged):
            call.setLeg(agent: agent, line: nil, state: .ended, outcome: bridged ? .answered : .failed)
            if bridged { call.released = call.released ?? moment }
        case .agentOffered: tellOffer(.queueOffered, fact, call, occasion)
        case .agentFailed(let agent, let outcome, _):
            let outcome = outcome == .abandoned && call.wasConnected ? .answeredElsewhere : outcome
            call.setLeg(agent: agent, line: nil, state: .ended, outcome: outcome)
            tellOffer(.queueOfferFailed, fact, call, occasion)
        case .ended(let ending): lateEnd(of: &call, ending, fact, occasion)
        case .placed, .ringingStopped, .hangUpRequested, .remark: break
        }
        reconsider(&call, occasion)
    }

    /// A connection that the provider dates after the end is none of this call's, unless the end was only a silence.
    private func lateConnection(of call: inout TrackedCall, by answeredBy: AnsweredBy?, _ moment: Moment) {
        guard !call.wasConnected else { return }
        if moment.isAfter(call.ended) == true, call.ending != nil { return }
        call.wasConnected = true
        call.connected = moment
        call.answeredBy = call.answeredBy ?? answeredBy
        if call.ending == nil, !call.isLost {
            // It was the silence after the ringing that ended the call, and it was none.
            call.ended = nil
        }
    }

    private func lateEnd(
        of call: inout TrackedCall, _ ending: CallFact.Ending, _ fact: CallFact, _ occasion: Occasion
    ) {
        if call.isLost || call.ending == nil {
            noteConversation(in: &call, endedAt: occasion.moment)
            if call.isLost || call.wasConnected { call.ended = occasion.moment }
            call.isLost = false
            call.ending = ending
        } else if call.ending?.outcome == nil, ending.outcome != nil {
            call.ending = ending
        }
        if let released = fact.released, call.released == nil {
            call.released = Moment(observed: occasion.moment.observed, provider: released)
        }
        noteAnswer(of: &call, fact, occasion)
    }

    /// Puts the outcome right where it is no longer what readers were told.
    mutating func reconsider(_ call: inout TrackedCall, _ occasion: Occasion) {
        guard !call.isOpen, let summary = call.summary else { return }
        let conclusion = call.conclude(answeredElsewhere: isAnsweredElsewhere(call))
        guard conclusion.outcome != call.toldOutcome else { return }
        call.toldOutcome = conclusion.outcome
        var data = call.data(concluding: conclusion, words: occasion.words)
        data.corrects = summary
        tell(.callCorrected, call, occasion, data)
    }
}
