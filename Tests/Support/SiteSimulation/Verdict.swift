import CallModel

/// What may be said of a call at most and at least, given what arrived about it.
struct Verdict {
    let call: TrueCall
    let evidence: [Meaning]
    /// Whether anything arrived that says that another line of the session talks.
    let isAnsweredElsewhere: Bool
    /// As the stream tells it: a call of a colleague whose line was not heard of cannot be known for one.
    let direction: Direction

    private func arrived(_ meaning: Meaning) -> Bool { evidence.contains(meaning) }
    private var isAnswered: Bool { arrived(.answered) || arrived(.talking) }
    private var ending: Meaning? { evidence.first { if case .ended = $0 { true } else { false } } }

    /// Whether what arrived must make a call. One agent's failure makes none, nor does what is told by the way.
    var opens: Bool {
        evidence.contains { ![.offerFailed, .hangUpAsked, .takenOver, .takenBack].contains($0) }
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
        let isOver = ending != nil || (call.family == .ovhLine && arrived(.ringingStopped) && !isAnswered)
        guard isOver else {
            // A late answer to a call that had fallen silent: how it came out is known, when it ended is not.
            if call.family == .ovhLine, arrived(.ringingStopped) { return [.unknown, call.outcome] }
            return arrived(.takenOver) ? [.unknown, .answeredElsewhere, .transferred] : [.unknown]
        }
        let isElsewhere = isAnsweredElsewhere || arrived(.takenOver)
        if isAnswered {
            return call.outcome == .transferred && !arrived(.takenOver) ? [.answered] : [call.outcome]
        }
        // Of what was not seen from its beginning nobody knows whether it was answered before.
        let weaker: Set<Outcome> = arrived(.rang) || arrived(.began) ? [] : [.unknown]
        switch call.outcome {
        case .answeredElsewhere where call.needsQueueLink:
            return weaker.union(
                Expectation.queueAndLinesAreLinked ? [.answeredElsewhere] : [.answeredElsewhere, .missed])
        case .answeredElsewhere:
            // The winner's own talk may have been concluded.
            return weaker.union(isElsewhere ? [.answeredElsewhere] : [.answeredElsewhere, .missed])
        case .missed, .noAnswer: return weaker.union([unanswered])
        default:
            // Both ends are ours, and the other one told of the answer.
            if isElsewhere, call.directions.contains(.internal) { return [.answered] }
            // Its answer was lost: nothing that came says that there was one.
            return isElsewhere || call.needsQueueLink || call.group != nil
                ? [unanswered, .unknown, .answered, .answeredElsewhere] : [unanswered, .unknown, .answered]
        }
    }

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
            return arrived(.hangUpAsked) ? [.cancelled, .unknown] : [.unknown]
        }
        if let told { return [told] }
        if isAnswered { return [.answered] }
        if arrived(.hangUpAsked) { return [.cancelled] }
        return call.source == Site.mapped ? [.unknown, .noAnswer] : [.unknown]
    }
}
