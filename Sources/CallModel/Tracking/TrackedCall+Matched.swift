/// What rests on a match by numbers and time alone: a notification that names no request of ours, taken to be about a
/// call that we placed.
struct Matched: OptionSet, Sendable, Hashable, Codable {
    let rawValue: Int

    static let state = Matched(rawValue: 1)
    static let answer = Matched(rawValue: 2)
    static let ending = Matched(rawValue: 4)
}

extension TrackedCall {
    /// Whether what rests on this was said of this very call, by its name.
    func basis(of evidence: Matched) -> Basis {
        if isByMatch == true || matched?.isDisjoint(with: evidence) == false {
            return .inferred(why: "matched with the call we placed by line and number")
        }
        return (inference ?? (isByLink == true ? CallTracker.queueLink : nil)).map { .inferred(why: $0) } ?? .reported
    }

    /// What was known of a call from its notifications when it turned out to be one that we placed.
    var knownAsNotified: Matched {
        if wasConnected { return [.state, .answer] }
        return state.rank > CallState.initiated.rank ? .state : []
    }

    /// What is said of the call by its name confirms what was only matched; to be asked before the fact is applied.
    mutating func weigh(_ fact: CallFact, isPlacement: Bool) {
        guard matched != nil, isByMatch != true else { return }
        if fact.mayBePlaced, !isPlacement {
            isByMatch = true
            return
        }
        guard let said = fact.step.state else { return }
        if said.rank >= state.rank { matched?.remove(.state) }
        if said.rank == CallState.connected.rank { matched?.remove(.answer) }
        guard case .ended(let ending) = fact.step else { return }
        if ending.isConversation { matched?.remove(.answer) }
        if self.ending == nil || self.ending == ending || ending.isMoreSpecific(than: self.ending) {
            matched?.remove(.ending)
        }
    }

    /// What a matched notification brought in, after it was applied.
    mutating func noteMatch(since before: TrackedCall) {
        defer { isByMatch = nil }
        guard isByMatch == true else { return }
        if state.rank > before.state.rank { matched?.insert(.state) }
        if wasConnected, !before.wasConnected { matched?.insert(.answer) }
        if ending != nil, ending != before.ending { matched?.insert(.ending) }
    }
}

/// The ringing of our own telephone, which a platform that calls us first may tell of as of a call that comes in.
extension TrackedCall {
    /// Whether `fact` and this call are our request and the ringing of our telephone for it, whichever came first.
    /// Who is shown as the caller is whom we asked for, or ourselves.
    func isFirstLeg(of fact: CallFact) -> Bool {
        let isRequest = fact.direction != .inbound
        let (asked, line) = isRequest ? (fact.local, local) : (local, fact.local)
        let wanted = isRequest ? fact.remote : remote
        let shown = isRequest ? fact.shownNumbers : shownNumbers ?? []
        guard let caller = isRequest ? remote : fact.remote, let asked, let line else { return false }
        let names = isRequest ? lineNames : fact.lineNames
        let isOurLine =
            asked.isSameSubscriber(as: line)
            || (asked.kind == .extension && asked.raw.map(names.contains) == true)
        let isOurs = caller.number.map(shown.contains) == true || caller.isSameSubscriber(as: asked)
        return isOurLine && (isOurs || wanted.map(caller.isSameSubscriber) == true)
    }

    /// It was told as a call that comes in, and is the beginning of one that we make.
    mutating func takeForFirstLeg() {
        direction = .outbound
        role = .outbound
        remote = nil
        local = nil
        legs = []
        mayBeFirstLeg = nil
        hasFirstLeg = true
        // What is told of the other side comes under another name.
        isNotified = false
    }
}

extension CallFact {
    /// As it is to be taken once the call is known to be ours: how our telephone fares moves no call.
    var aboutFirstLeg: CallFact {
        var fact = self
        fact.step = .remark
        fact.direction = .outbound
        fact.remote = nil
        fact.local = nil
        fact.legs = []
        return fact
    }
}

extension CallFact.Step {
    /// The state of which this is the provider's word; nil where it is none.
    fileprivate var state: CallState? {
        switch self {
        case .placed, .initiated: .initiated
        case .queued: .queued
        case .ringing: .ringing
        case .connected, .resumed, .transferred: .connected
        case .held: .held
        case .ended: .ended
        default: nil
        }
    }
}
