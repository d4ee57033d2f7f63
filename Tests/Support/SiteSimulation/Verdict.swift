import CallModel

/// What may be said of a call at most and at least, given what arrived about it.
struct Verdict {
    let call: TrueCall
    let evidence: [Meaning]
    /// Whether anything arrived that says that another line of the session talks, or the stream says that it did.
    let isAnsweredElsewhere: Bool
    /// As the stream tells it: a call of a colleague whose line was not heard of cannot be known for one.
    let direction: Direction

    private func arrived(_ meaning: Meaning) -> Bool { evidence.contains(meaning) }
    private var isAnswered: Bool { arrived(.answered) || arrived(.talking) }
    private var ending: Meaning? { evidence.first { if case .ended = $0 { true } else { false } } }

    /// Whether what arrived must make a call. One agent's failure makes none, nor does what is told by the way.
    var opens: Bool {
        evidence.contains { ![.offerFailed, .hangUpAsked, .takenOver, .named].contains($0) }
    }

    /// A voicemail's 22 digits alone do not tell who called whom.
    var directions: [Direction] {
        call.outcome == .voicemail && !arrived(.rang) && ending == nil ? call.directions + [.unknown] : call.directions
    }

    /// The outcomes that what arrived allows. The truth alone, where it was told.
    var outcomes: Set<Outcome> {
        switch call.family {
        case .line, .ovhLine: line
        case .queue: queue
        case .reported: reported
        case .sampled: sampled
        }
    }

    private var line: Set<Outcome> {
        guard isOver else {
            // The same of a telephone that rings for longer than its deadline.
            if call.ringsLong, isAnswered { return [.unknown, call.outcome] }
            // Whoever took its dialogue over talks: it is over, and nobody rings for it.
            if arrived(.takenOver), isAnsweredElsewhere { return [isAnswered ? .transferred : .answeredElsewhere] }
            // Nobody tells the end. Whether the answer arrived before the silence after the ringing had ended the
            // call, so that its deadline ends it as lost, or after that is a matter of milliseconds on the way.
            return call.family == .ovhLine && arrived(.ringingStopped) ? [.unknown, call.outcome] : [.unknown]
        }
        let isElsewhere = isAnsweredElsewhere || arrived(.takenOver)
        if isAnswered {
            return call.outcome == .transferred && !arrived(.takenOver) ? [.answered] : [call.outcome]
        }
        // Both ends are ours, and the other one told of the answer.
        if isElsewhere, call.directions.contains(.internal) { return [.answered] }
        // It was not missed, and what went on for longer than an answer takes was one. By how much is a matter of the
        // way.
        if call.takesOver { return arrived(.rang) ? [.answered, .unknown] : [.unknown] }
        let talk = call.talk?.milliseconds ?? 0
        // Nothing that came tells the answer, but the line was busy after it had stopped ringing.
        let isTalkSeen = call.family == .ovhLine && arrived(.ringingStopped) && ending != nil && talk > 2_000
        if isTalkSeen, talk > 2_100 { return [.answered] }
        if call.needsQueueLink {
            // The queue may say whom it connected, and which line that is only in an event that was lost.
            let others: Set<Outcome> = [.answeredElsewhere, .answered, unheard]
            // Of a line that the queue is not heard to ring nobody can say that it belongs there.
            if call.outcome == .answeredElsewhere {
                return arrived(.named) ? [.answeredElsewhere] : [.answeredElsewhere, unheard]
            }
            return call.talk == nil ? [unheard] : others
        }
        if isElsewhere { return [.answeredElsewhere] }
        // The slip between the ringing's stop and the answer, against the settle window.
        return isTalkSeen ? [.answered, unheard] : [unheard]
    }

    /// Whether an end was told. The ringing's stop is one, of a line that does not talk.
    private var isOver: Bool {
        ending != nil || (call.family == .ovhLine && arrived(.ringingStopped) && !isAnswered)
    }

    /// What a call is of which no answer is heard: of what was not seen from its beginning nobody knows whether it was
    /// answered before.
    private var unheard: Outcome { arrived(.rang) || arrived(.began) ? unanswered : .unknown }

    /// What a call is of which nobody tells an answer: missed where somebody from outside called.
    private var unanswered: Outcome { direction == .inbound ? .missed : .noAnswer }

    private var queue: Set<Outcome> {
        if ending != nil { return [call.outcome] }
        return call.outcome == .answered && arrived(.bridgeOver) ? [.answered] : [.unknown]
    }

    private var reported: Set<Outcome> {
        guard case .ended(let told)? = ending else { return [.unknown] }
        if call.outcome == .transferred { return arrived(.transferred) ? [.transferred] : [.answered] }
        return [told ?? call.outcome]
    }

    private var sampled: Set<Outcome> {
        guard case .ended(let told)? = ending else {
            return [.unknown]
        }
        if let told { return [told] }
        if isAnswered { return [.answered] }
        if arrived(.hangUpAsked) { return [.cancelled] }
        return [.unknown]
    }
}
