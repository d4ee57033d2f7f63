/// What happens when nothing happens: every open call has one moment at which waiting for it ends.
extension CallTracker {
    mutating func deadlineReached(_ known: TrackedCall) {
        var call = known
        let told = drafts.count
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
            call.isEndingConcluded = true
            fired(.deadlineUnbridged, call.id)
            call.inference = TrackedCall.unseenRelease
            finish(&call, at: call.released, Occasion(deadline: "unbridged", of: call))
            call.due = known.due
        case .replaced:
            fired(.deadlineReplaced, call.id)
            finish(&call, at: nil, Occasion(deadline: "replaced", of: call))
            // The settle window of this end began when the other call was answered.
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
        noteLinkTold(of: &call, since: told)
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

    func setDeadline(_ call: inout TrackedCall, _ occasion: Occasion) {
        let due = occasion.moment.observed.advanced(by: limits.deadline(in: call.state))
        call.due = call.conferenceEnds.map { min($0, due) } ?? due
        call.dueFor = .stateDeadline
    }
}
