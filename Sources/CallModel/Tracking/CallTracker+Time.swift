/// The three clocks: the provider's, which is believed within limits and never puts anything in order; the host's,
/// which can be set; and the tracker's own deadlines, which must neither all fire nor never fire when it is.
extension CallTracker {
    /// The fact without those of its times that cannot be true, one word of which reaches operators.
    mutating func believed(_ fact: Fact) -> Fact {
        var fact = fact
        let observed = fact.observed
        var dropped: Timestamp?
        func check(_ time: inout Timestamp?) {
            guard let told = time, !told.isPlausible(at: observed) else { return }
            dropped = dropped ?? told
            time = nil
        }
        check(&fact.time)
        if case .call(var call) = fact.content {
            check(&call.joined)
            check(&call.answered)
            check(&call.released)
            fact.content = .call(call)
        }
        if let time = fact.time { skews.note(time, observed: observed, of: fact.source) }
        guard let dropped else { return fact }
        if !fact.words.notes.contains(.timeDropped) { fact.words.notes.append(.timeDropped) }
        notes.areNew = true
        let kind = "implausible time"
        if let count = notes.ledger.note(kind, from: fact.source, at: observed) {
            let input = UnparsedInput(kind: kind, detail: "\(dropped), received at \(observed)")
            let subject = fact.source.description
            tell(.sourceUnparsed, subject: subject, Occasion(fact), .unparsed(input, count: count))
        }
        return fact
    }

    /// How far the source's clock is ahead of ours; negative where it is behind, by how long its reports take at the
    /// least. Nil before there are enough of them.
    package func clockSkew(of source: SourceName) -> Span? { skews.skew(of: source) }

    /// The clock of the host was set, by as much as `span`. What is remembered by that clock moves along: every
    /// deadline stays as far away as it was, and a duration by our clock is what really passed.
    package mutating func hostClockChanged(by span: Span) {
        guard span.milliseconds != 0 else { return }
        notes.now = notes.now.advanced(by: span)
        deadlines = DeadlineQueue()
        for id in calls.keys {
            guard var call = calls[id] else { continue }
            call.shift(by: span)
            calls[id] = call
            notes.changed.insert(id)
            deadlines.insert(call)
        }
        notes.shift(by: span)
        skews.shift(by: span)
    }

    /// A provider that was asked about a call said what it had said before: no news, but the call is as we remember it.
    package mutating func confirm(_ fact: Fact) -> [EventDraft] {
        drafts.removeAll(keepingCapacity: true)
        concerned.removeAll(keepingCapacity: true)
        guard case .call(let said) = fact.content, case .keys(let keys) = said.reference else { return [] }
        var known: TrackedCall?
        for key in keys { known = known ?? call(named: key) }
        guard var call = known, call.isOpen, call.isStale == true else { return [] }
        call.isStale = nil
        var occasion = Occasion(fact)
        // The fact itself was told long ago, and this is another event.
        occasion.id = "\(call.id)-confirmed-\(fact.observed.milliseconds)"
        if call.isAnnounced { tell(.callUpdated, call, occasion, call.data(words: fact.words)) }
        store(call)
        return drafts
    }
}

extension Timestamp {
    /// How far ahead of ours a provider's clock may be, and how long a report may be on its way, to be believed.
    package static let maximumAhead = Span.days(1)
    package static let maximumAge = Span.days(7)

    /// Whether a provider's clock that shows this when ours shows `observed` can be right.
    package func isPlausible(at observed: Timestamp) -> Bool {
        let ahead = milliseconds.subtractingReportingOverflow(observed.milliseconds)
        guard !ahead.overflow else { return false }
        return -Self.maximumAge.milliseconds...Self.maximumAhead.milliseconds ~= ahead.partialValue
    }
}

extension TrackedCall {
    /// The clock of the host was set: what was timed by it is put into its new terms.
    mutating func shift(by span: Span) {
        due = due.advanced(by: span)
        started.observed = started.observed.advanced(by: span)
        let moments: [WritableKeyPath<TrackedCall, Moment?>] = [
            \.joined, \.returned, \.ringing, \.ringingStopped, \.connected, \.released, \.ended, \.saidEnd, \.lastHold,
            \.transferred,
        ]
        for moment in moments {
            if let observed = self[keyPath: moment]?.observed {
                self[keyPath: moment]?.observed = observed.advanced(by: span)
            }
        }
        if let answered = doubtedBridge?.answered?.observed {
            doubtedBridge?.answered?.observed = answered.advanced(by: span)
        }
        for index in (dialogues ?? []).indices { dialogues?[index].shift(by: span) }
        legsHeard = legsHeard?.mapValues { $0.advanced(by: span) }
        conferenceEnds = conferenceEnds?.advanced(by: span)
        heard = heard?.mapValues { $0.advanced(by: span) }
    }
}

extension Dialogue {
    fileprivate mutating func shift(by span: Span) {
        for moment in [\Dialogue.began, \.connected, \.ended] {
            if let observed = self[keyPath: moment]?.observed {
                self[keyPath: moment]?.observed = observed.advanced(by: span)
            }
        }
    }
}
