extension TrackedCall {
    /// What a reader is told about the call as it stands, without outcome.
    package func data(basis: Basis? = nil, words: ProviderWords? = nil) -> CallData {
        let basis = basis ?? openedLate.map { .inferred(why: $0) } ?? self.basis(of: .state)
        var data = CallData(state: state, direction: direction, basis: basis, provider: merged(words))
        data.remote = remote
        data.local = local
        data.session = session
        data.legs = shownLegs
        data.dialed = dialed
        data.divertedBy = divertedBy
        data.answeredBy = answeredBy
        data.queue = queue
        data.queue?.agent = servingAgent
        data.transfer = transfer
        data.isStale = isStale == true
        data.reference = senderReference
        data.campaign = campaign
        data.times = times
        return data
    }

    /// The same with the outcome and the durations: for the end, the summary and its corrections.
    func data(concluding conclusion: Conclusion, words: ProviderWords?) -> CallData {
        var data = data(basis: conclusion.basis, words: words)
        data.outcome = conclusion.outcome
        data.cause = isLost ? lossCause : ending?.cause
        // The queue reports a bridge before it is tried: a caller who gave up meanwhile talked to nobody.
        let wasServed = wasConnected && conclusion.outcome != .abandoned
        // Where the answer is a conclusion nobody knows when it came: at the earliest when the ringing stopped.
        let waitedUntil =
            wasServed ? connected : [.answered, .voicemail].contains(conclusion.outcome) ? ringingStopped : ended
        data.ring = Moment.span(from: ringing, to: waitedUntil)
        if wasServed { data.talk = talked ?? conversation }
        if queue != nil {
            data.wait = Moment.span(from: joined, to: waitedUntil)
            data.queue?.wait = data.wait
        }
        return data
    }

    private var lossCause: Cause { Cause(code: isConferenceOver == true ? "conference_over" : "lost", by: .system) }

    /// From the connection to the end. One time for both is no duration: the provider's dates are coarser than its
    /// calls (DMC guide 1.7: whole seconds).
    private var conversation: Span? {
        let end = released ?? ended
        if let began = connected?.provider, began == end?.provider { return nil }
        return Moment.span(from: connected, to: end)
    }

    /// What readers of a summary with this data know.
    func told(_ data: CallData) -> Told {
        Told(outcome: data.outcome ?? .unknown, isLost: isLost, ring: data.ring, talk: data.talk, wait: data.wait)
    }

    private var times: CallTimes {
        CallTimes(
            started: (joined ?? started).shown, ringing: ringing?.shown, connected: connected?.shown,
            ended: ended?.shown)
    }

    /// The words of the occasion with the ids of the call, where the occasion did not repeat them.
    private func merged(_ occasion: ProviderWords?) -> ProviderWords {
        guard let occasion else {
            var words = self.words
            words.event = nil
            return words
        }
        var merged = ProviderWords(
            event: occasion.event, call: occasion.call ?? words.call, dialog: occasion.dialog ?? words.dialog,
            replaces: occasion.replaces ?? words.replaces, session: occasion.session ?? words.session)
        merged.notes = occasion.notes
        return merged
    }
}
