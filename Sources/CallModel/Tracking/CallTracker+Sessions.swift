/// What one call means for the others of its session.
extension CallTracker {
    func othersConnected(inSessionOf call: TrackedCall) -> [TrackedCall] {
        guard let session = call.session else { return [] }
        return index.calls(inSession: session).filter { $0 != call.id }.compactMap { calls[$0] }.filter(\.wasConnected)
    }

    /// Ties a call to the one it takes over, or to the one that took it over. The call that is newly replaced.
    mutating func linkReplacement(
        _ call: inout TrackedCall, _ fact: CallFact, _ occasion: Occasion
    ) -> TrackedCall? {
        if call.replacedBy == nil,
            let taker = call.dialogKeys.compactMap({ index.replacement(of: $0) }).first(where: { $0 != call.id })
        {
            call.replacedBy = taker
            fired(.replaced, call.id, taker.rawValue)
            fired(.tookOver, taker, call.id.rawValue)
            adopt(session: &call, by: taker, occasion)
        }
        guard let key = fact.replaces else { return nil }
        let original = index.call(inDialog: key).flatMap { calls[$0] }
        if call.transfer == nil {
            call.transfer = Transfer(
                kind: original?.wasConnected == true ? .attended : .pickup,
                from: original?.local?.number ?? original?.local?.raw, to: call.local?.number ?? call.local?.raw)
        }
        guard let original, original.replacedBy == nil, original.id != call.id else { return nil }
        fired(.tookOver, call.id, original.id.rawValue)
        if let session = original.session, session != call.session {
            index.move(call.id, from: call.session)
            call.session = session
        }
        if let remote = original.remote { merge(remote, into: &call) }
        return original
    }

    /// The taken-over call came late and brings the session's real name.
    private mutating func adopt(session call: inout TrackedCall, by taker: CallID, _ occasion: Occasion) {
        guard var other = calls[taker] else { return }
        let before = (other.transfer, other.session)
        if other.transfer?.from == nil { other.transfer?.from = call.local?.number ?? call.local?.raw }
        if call.session == nil { call.session = other.session }
        if other.session != call.session {
            index.move(other.id, from: other.session)
            other.session = call.session
        }
        store(other)
        if before != (other.transfer, other.session) { tellUpdated(other, occasion) }
    }

    /// What another call is the reason for, also where this one has ended and was summed up.
    private mutating func tellUpdated(_ call: TrackedCall, _ occasion: Occasion) {
        guard call.isAnnounced else { return }
        tellOnce(.callUpdated, call, occasion, call.data())
    }

    private func merge(_ remote: Party, into call: inout TrackedCall) {
        if call.remote == nil { call.remote = remote } else { call.remote?.merge(remote) }
    }

    /// Tells the call that lost its dialogue to `taker` what became of it.
    mutating func replaced(_ original: TrackedCall, by taker: TrackedCall, _ occasion: Occasion) {
        guard var original = calls[original.id] else { return }
        let occasion = occasion.forAnotherCall
        original.replacedBy = taker.id
        fired(.replaced, original.id, taker.id.rawValue)
        if original.session == nil { original.session = taker.session }
        if original.isOpen, original.wasConnected {
            noteTakeover(of: &original)
            tell(.callTransferred, original, occasion, original.data(words: occasion.words))
        }
        reconsider(&original, occasion)
        store(original)
    }

    /// Whoever takes over an answered call has it transferred to him.
    func noteTakeover(of original: inout TrackedCall) {
        guard original.wasConnected, original.transfer == nil, let taker = original.replacedBy.flatMap({ calls[$0] })
        else { return }
        original.transfer = Transfer(
            kind: .attended, from: original.local?.number ?? original.local?.raw,
            to: taker.local?.number ?? taker.local?.raw)
    }

    /// The answer to a call that had been taken over came late: it was no pick-up but a transfer after the answer.
    mutating func tellAttended(_ id: CallID, _ occasion: Occasion) {
        guard var original = calls[id], original.wasConnected else { return }
        if original.transfer == nil {
            noteTakeover(of: &original)
            if original.isOpen { tell(.callTransferred, original, occasion, original.data(words: occasion.words)) }
            store(original)
        }
        guard var taker = original.replacedBy.flatMap({ calls[$0] }), taker.transfer?.kind == .pickup else { return }
        fired(.answeredBeforeTakeover, taker.id, original.id.rawValue)
        taker.transfer?.kind = .attended
        store(taker)
        tellUpdated(taker, occasion)
    }

    /// A dialogue is over when the call that took it over is answered, even if nobody says so.
    mutating func closeReplaced(by id: CallID, _ occasion: Occasion) {
        guard let call = calls[id] else { return }
        let original = call.replaces.flatMap(index.call(inDialog:)).flatMap { calls[$0] }
        for candidate in [call, original] {
            guard var replaced = candidate, let taker = replaced.replacedBy.flatMap({ calls[$0] }), taker.wasConnected
            else { continue }
            if replaced.isLost {
                replaced.isLost = false
                reconsider(&replaced, occasion.forAnotherCall)
                store(replaced)
            }
            guard replaced.isOpen, replaced.isAnnounced, replaced.dueFor != .replaced else { continue }
            replaced.due = occasion.moment.observed.advanced(by: limits.settle)
            replaced.dueFor = .replaced
            store(replaced)
        }
    }

    /// Lets the other calls of the session know what this one has become: answered here means answered elsewhere
    /// there, and two of our lines in one session are an internal call.
    mutating func settleSession(of call: TrackedCall, _ occasion: Occasion) {
        guard let session = call.session else { return }
        for id in index.inOrder(index.calls(inSession: session)) where id != call.id {
            guard var other = calls[id] else { continue }
            let areTwoEnds = areTwoEnds(call, other)
            if areTwoEnds { makeInternal(&other, occasion.forAnotherCall) }
            reconsider(&other, occasion.forAnotherCall)
            store(other)
            guard areTwoEnds, var this = calls[call.id] else { continue }
            makeInternal(&this, occasion)
            reconsider(&this, occasion)
            store(this)
        }
    }

    /// Whether they are one call as two of our lines tell it.
    func areTwoEnds(_ one: TrackedCall, _ other: TrackedCall) -> Bool {
        guard let local = one.local?.number, let remote = one.remote?.number else { return false }
        return local == other.remote?.number && remote == other.local?.number
    }

    private mutating func makeInternal(_ call: inout TrackedCall, _ occasion: Occasion) {
        guard call.direction == .inbound || call.direction == .outbound else { return }
        call.direction = .internal
        fired(.madeInternal, call.id)
        tellOnce(.callUpdated, call, occasion, call.data(words: occasion.words))
    }
}
