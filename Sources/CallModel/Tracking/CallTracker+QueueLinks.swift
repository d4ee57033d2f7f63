/// A caller who waits in a queue and the telephone of an agent that rings for him are two calls with two names, and
/// nothing the provider sends ties one to the other (OVH guide: the ids of lines and queues have nothing in common).
///
/// They are linked, never merged: an incoming line call and a queue stay of one provider, with the same caller, that
/// overlap in time get one session, whichever is heard of first. A queue and the telephones of its agents have tokens
/// of their own, and so may be sources of their own. It is a conclusion: somebody who calls twice at once from one
/// number is linked too. What one of them becomes therefore means something for another only where the queue may have
/// rung both (`answersElsewhere`), and a queue that names the line takes it from one that does not.
extension CallTracker {
    static let queueLink = "linked with a queue by the caller's number and the time"

    mutating func linkQueue(of call: inout TrackedCall, _ fact: CallFact, _ occasion: Occasion) {
        guard call.queueCall == nil, let caller = call.callerKey else { return }
        if call.queue == nil {
            let stays = index.stays(of: caller).compactMap { calls[$0] }
            let isSeen = call.wasSeenFromStart && (calls[call.id] != nil || fact.step.isBeginning)
            link(line: &call, with: stays.filter { overlap(call, $0, isSeen: isSeen) }, occasion)
        } else {
            let lines = index.lineCalls(of: caller).compactMap { calls[$0] }
                .filter { overlap($0, call, isSeen: $0.wasSeenFromStart) }
            link(queue: &call, with: lines, fact.step, occasion)
        }
    }

    private mutating func link(line: inout TrackedCall, with queues: [TrackedCall], _ occasion: Occasion) {
        // The one that rings this line, or that the others of its own session are linked with, else the one joined
        // last.
        func rank(_ queue: TrackedCall) -> (Ringing, Int, Timestamp, Timestamp, Int) {
            (
                ringing(of: queue, at: line), queue.session != nil && queue.session == line.session ? 1 : 0,
                (queue.joined ?? queue.started).shown, queue.started.observed, queue.serial ?? 0
            )
        }
        guard var queue = queues.map({ (rank($0), $0) }).max(by: { $0.0 < $1.0 })?.1 else { return }
        firedLink(line, queue)
        if nameSession(of: &queue) {
            store(queue)
            tellLink(of: queue, occasion)
        }
        join(&line, queue, occasion)
        line.isByLink = true
    }

    private mutating func link(
        queue: inout TrackedCall, with lines: [TrackedCall], _ step: CallFact.Step, _ occasion: Occasion
    ) {
        for id in index.inOrder(lines.map(\.id)) {
            // As it is now: what shares a line's own session has come along with it.
            guard var line = calls[id], line.queueCall != queue.id else { continue }
            if let other = line.queueCall {
                guard let named = step.agentAndLine?.line, named == line.local?.line else { continue }
                let claim = ringing(of: queue, at: line, saying: step, occasion)
                // Also from one that is forgotten: whoever does not ring the line does not take it.
                guard claim > (calls[other].map { max(.untold, ringing(of: $0, at: line)) } ?? .untold) else {
                    continue
                }
            }
            firedLink(line, queue)
            if nameSession(of: &queue), calls[queue.id] != nil { tellLink(of: queue, occasion) }
            let before = line
            join(&line, queue, occasion)
            store(line)
            guard line.session != before.session else { continue }
            tellLink(of: line, occasion)
            if before.queueCall != nil, let left = before.session { reconsider(session: left, occasion) }
        }
    }

    /// Whether the queue had no session yet.
    private func nameSession(of queue: inout TrackedCall) -> Bool {
        guard queue.session == nil else { return false }
        queue.session = queue.nameOfOwnSession
        return true
    }

    /// Before either of them is told.
    private mutating func firedLink(_ line: TrackedCall, _ queue: TrackedCall) {
        fired(.linkedWithQueue, line.id, queue.id.rawValue)
        fired(.linkedWithQueue, queue.id, line.id.rawValue)
    }

    private mutating func tellLink(of call: TrackedCall, _ occasion: Occasion) {
        guard call.isAnnounced else { return }
        tell(.callUpdated, call, occasion, call.data(basis: .inferred(why: Self.queueLink)))
    }

    /// Readers who have been told of the link know that it is one; what comes after that is what it is.
    mutating func noteLinkTold(of call: inout TrackedCall, since told: Int) {
        if drafts[told...].contains(where: { $0.subject == call.id.rawValue }) { call.isByLink = nil }
    }

    /// The queue names the session. What shares the line's own session comes along.
    private mutating func join(_ line: inout TrackedCall, _ queue: TrackedCall, _ occasion: Occasion) {
        let former = line.queueCall
        line.queueCall = queue.id
        let before = line.session
        guard let session = queue.session, before != session else { return }
        let own = line.providersSession ?? line.nameOfOwnSession
        index.move(line.id, from: before)
        line.ownSession = own
        line.session = session
        guard let before else { return }
        for id in index.inOrder(index.calls(inSession: before)) where id != line.id {
            guard var other = calls[id], other.id != queue.id, other.providersSession == own else { continue }
            index.move(id, from: before)
            other.ownSession = own
            other.session = session
            if former != nil, other.queueCall == former { other.queueCall = queue.id }
            fired(.linkedWithQueue, other.id, queue.id.rawValue)
            store(other)
            tellLink(of: other, occasion)
        }
    }

    /// The lines of a stay that turns out to be two, the second of which began when the caller was `back`: each is that
    /// of the stay which rang it, as far as that is told, else of the one in which it began to ring.
    mutating func share(linesOf second: CallID, with first: CallID, _ back: Moment, _ occasion: Occasion) {
        guard let caller = calls[second]?.callerKey else { return }
        let lines = index.lineCalls(of: caller).filter { calls[$0]?.queueCall == second }
        for id in index.inOrder(lines) {
            guard var line = calls[id], let earlier = calls[first], let later = calls[second] else { continue }
            let (then, now) = (ringing(of: earlier, at: line), ringing(of: later, at: line))
            var stay = (then == now ? back.isAfter(line.started) == true : then > now) ? earlier : later
            if nameSession(of: &stay) { store(stay) }
            let before = line.session
            join(&line, stay, occasion)
            store(line)
            if line.session != before { tellLink(of: line, occasion) }
        }
    }

    private mutating func reconsider(session: String, _ occasion: Occasion) {
        for id in index.inOrder(index.calls(inSession: session)) {
            guard var call = calls[id] else { continue }
            reconsider(&call, occasion.forAnotherCall)
            store(call)
        }
    }

    /// How the call came out, by all that its session knows.
    func conclusion(of call: TrackedCall) -> Conclusion {
        let others = othersConnected(inSessionOf: call)
        return call.conclude(
            answeredElsewhere: answersElsewhere(others, call), servedQueue: wasServed(by: call),
            connectedThere: others.contains { areTwoEnds(call, $0) })
    }

    /// Whether one of these, which share the session of the call, was connected in its place: what the provider ties to
    /// it, or what a queue may have rung besides. Whoever merely calls from the same number at the same time was not.
    private func answersElsewhere(_ others: [TrackedCall], _ call: TrackedCall) -> Bool {
        guard let session = call.session, !others.isEmpty else { return false }
        if others.contains(where: { $0.providersSession == call.providersSession }) { return true }
        let mates = index.calls(inSession: session).filter { $0 != call.id }.compactMap { calls[$0] } + [call]
        return mates.filter { $0.queue != nil }.contains { queue in
            let answer = answer(of: queue, among: mates)
            let rung = Set(mates.filter { $0.id == queue.id || mayHaveRung(queue, $0, answer) }.map(\.providersSession))
            return rung.contains(call.providersSession) && others.contains { rung.contains($0.providersSession) }
        }
    }
}

extension TrackedCall {
    /// What ties it to others by the provider's word, whatever it has been linked with.
    fileprivate var providersSession: String? { ownSession ?? session }
}
