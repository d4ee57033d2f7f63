/// How a call came out, and whether anybody said so.
struct Conclusion: Hashable {
    var outcome: Outcome
    var basis: Basis
}

extension TrackedCall {
    /// Why a call of which no answer was seen was answered. No longer once the answer is seen.
    static let unseenAnswer = "released well after the ringing stopped; the answer itself was not seen"
    static let unseenTakeover = "it took another call over and went on well after; the answer itself was not seen"

    /// Why a call of which no end was seen has ended. No longer once the end is seen.
    static let unseenEnds: Set<String> = [unseenRelease, unseenLeave]
    static let unseenRelease = "the bridge to the agent ended; the queue did not report the end"
    static let unseenLeave = "the caller came back; that he had left the queue was not seen"

    mutating func seeAnswer() {
        if inference == Self.unseenAnswer || inference == Self.unseenTakeover { inference = nil }
    }

    /// The outcome as far as it can be known now. `answeredElsewhere`: another call of the session was connected.
    ///
    /// What was said comes before what was concluded; what was connected is never called missed; a call of which the
    /// beginning was not seen is not called missed either, because its answer may have been in the part not seen.
    ///
    /// - Parameters:
    ///   - servedQueue: a queue says that it connected its caller to this line.
    ///   - connectedThere: the other end, a line of ours too, was connected.
    func conclude(answeredElsewhere: Bool, servedQueue: Bool = false, connectedThere: Bool = false) -> Conclusion {
        if isLost, isConferenceOver == true {
            return Conclusion(
                outcome: .unknown, basis: .inferred(why: "the conference it was part of is over"))
        }
        if isLost {
            return Conclusion(
                outcome: .unknown, basis: .inferred(why: "no news within the longest time this state may last"))
        }
        if replacedBy != nil, wasConnected {
            return Conclusion(
                outcome: .transferred, basis: .inferred(why: "another call replaced this one after it was answered"))
        }
        if hasLeftUs, wasConnected, ending?.outcome == nil || ending?.outcome == .answered {
            return Conclusion(outcome: .transferred, basis: basis(of: [.state, .answer]))
        }
        if ending?.outcome == .answered, isByMachine {
            return Conclusion(outcome: .voicemail, basis: basis(of: [.state, .ending]))
        }
        if let outcome = ending?.outcome {
            return Conclusion(outcome: outcome, basis: basis(of: [.state, .ending]))
        }
        if wasConnected {
            return Conclusion(outcome: isByMachine ? .voicemail : .answered, basis: basis(of: [.state, .answer]))
        }
        if isHangUpRequested {
            return Conclusion(outcome: .cancelled, basis: .inferred(why: "we asked for the end before any answer"))
        }
        if replacedBy != nil {
            return Conclusion(outcome: .answeredElsewhere, basis: .inferred(why: "another call replaced this one"))
        }
        if connectedThere {
            return Conclusion(
                outcome: .answered, basis: .inferred(why: "the other end, a line of ours too, was connected"))
        }
        if servedQueue {
            return Conclusion(
                outcome: .answered, basis: .inferred(why: "a queue connected its caller to this line"))
        }
        // Nobody is rung for a call that is taken over: it was not missed, and others' answers are not its own.
        if replaces != nil {
            return Conclusion(
                outcome: .unknown, basis: .inferred(why: "it took another call over; no answer is known of"))
        }
        if answeredElsewhere, isIncoming, queue != nil {
            return Conclusion(
                outcome: .answered, basis: .inferred(why: "the telephone of an agent was connected to the caller"))
        }
        if answeredElsewhere, isIncoming {
            return Conclusion(
                outcome: .answeredElsewhere, basis: .inferred(why: "another call of the session was answered"))
        }
        if ending?.unanswered == .unknown {
            return Conclusion(
                outcome: .unknown, basis: .inferred(why: inference ?? "the provider gives no reason for the end"))
        }
        guard wasSeenFromStart else {
            return Conclusion(
                outcome: .unknown, basis: .inferred(why: "\(openedLate ?? "first seen late"): no answer is known of"))
        }
        // Nobody from outside was missed where a colleague called.
        switch direction == .internal ? .internal : role {
        case .inbound:
            return Conclusion(outcome: .missed, basis: .inferred(why: "ended without an answer anywhere"))
        case .outbound, .internal:
            return Conclusion(outcome: .noAnswer, basis: .inferred(why: "ended without an answer; no reason is given"))
        case .unknown:
            return Conclusion(outcome: .unknown, basis: .inferred(why: "ended without an answer; direction not known"))
        }
    }

    private var isByMachine: Bool { answeredBy == .machine || answeredBy == .voicemail || answeredBy == .fax }

    /// Whether our line was the one called.
    private var isIncoming: Bool { role == .inbound || (role == .internal && ringing != nil) }
}
