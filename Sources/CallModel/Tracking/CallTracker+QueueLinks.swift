/// A caller who waits in a queue and the telephone of an agent that rings for him are two calls with two names, and
/// nothing the provider sends ties one to the other (OVH guide: the ids of lines and queues have nothing in common).
///
/// They are linked, never merged: an incoming line call and a queue stay of one provider, with the same caller, that
/// overlap in time get one session, whichever is heard of first. A queue and the telephones of its agents have tokens of
/// their own, and so may be sources of their own. It is a conclusion: somebody who calls twice at once from one number is
/// linked too. What one of them becomes therefore means something for another only where the queue may have rung both
/// (`answersElsewhere`), and a queue that names the line takes it from one that does not.
extension CallTracker {
    static let queueLink = "linked with a queue by the caller's number and the time"

    mutating func linkQueue(of call: inout TrackedCall, _ fact: CallFact, _ occasion: Occasion) {
        guard call.role == .inbound, call.queueCall == nil, let caller = call.remote?.number else { return }
        let others = index.calls(from: caller, ofProvider: call.source.provider).compactMap { calls[$0] }
        if call.queue == nil {
            link(line: &call, with: others.filter { $0.queue != nil && $0.overlaps(call) }, occasion)
        } else {
            let lines = others.filter { $0.queue == nil && $0.role == .inbound && $0.overlaps(call) }
            link(queue: &call, with: lines, fact.step.agentLine, occasion)
        }
    }

    private mutating func link(line: inout TrackedCall, with queues: [TrackedCall], _ occasion: Occasion) {
        // The one that rings this line, or that the others of its own session are linked with, else the one joined last.
        func rank(_ queue: TrackedCall) -> (Int, Int, Timestamp, String) {
            (
                queue.ringing(onLineOf: line), queue.session != nil && queue.session == line.session ? 1 : 0,
                (queue.joined ?? queue.started).shown, queue.id.rawValue
            )
        }
        guard var queue = queues.max(by: { rank($0) < rank($1) }) else { return }
        if nameSession(of: &queue) {
            store(queue)
            tellLink(of: queue, occasion)
        }
        join(&line, queue, occasion)
        line.isByLink = true
    }

    /// - Parameter named: the line that the queue now says it rings or connects.
    private mutating func link(
        queue: inout TrackedCall, with lines: [TrackedCall], _ named: String?, _ occasion: Occasion
    ) {
        for id in lines.map(\.id).sorted(by: { $0.rawValue < $1.rawValue }) {
            // As it is now: what shares a line's own session has come along with it.
            guard var line = calls[id], line.queueCall != queue.id else { continue }
            if line.queueCall != nil {
                guard let named, line.local?.line == named, !isOver(line, wellBefore: occasion.moment),
                    line.queueCall.flatMap({ calls[$0] })?.ringing(onLineOf: line) ?? 0 == 0
                else { continue }
            }
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
        queue.session = "s" + queue.id.rawValue.dropFirst()
        return true
    }

    private mutating func tellLink(of call: TrackedCall, _ occasion: Occasion) {
        guard call.isOpen, call.isAnnounced else { return }
        tell(.callUpdated, call, occasion, call.data(basis: .inferred(why: Self.queueLink)))
    }

    /// The queue names the session. What shares the line's own session comes along.
    private mutating func join(_ line: inout TrackedCall, _ queue: TrackedCall, _ occasion: Occasion) {
        let former = line.queueCall
        line.queueCall = queue.id
        fired(.linkedWithQueue, line.id, queue.id.rawValue)
        fired(.linkedWithQueue, queue.id, line.id.rawValue)
        let before = line.session
        guard let session = queue.session, before != session else { return }
        let own = line.providersSession ?? "s" + line.id.rawValue.dropFirst()
        index.move(line.id, from: before)
        line.ownSession = own
        line.session = session
        guard let before else { return }
        for id in index.calls(inSession: before).sorted(by: { $0.rawValue < $1.rawValue }) where id != line.id {
            guard var other = calls[id], other.id != queue.id, other.providersSession == own else { continue }
            index.move(id, from: before)
            other.ownSession = own
            other.session = session
            if former != nil, other.queueCall == former { other.queueCall = queue.id }
            store(other)
            tellLink(of: other, occasion)
        }
    }

    private mutating func reconsider(session: String, _ occasion: Occasion) {
        for id in index.calls(inSession: session).sorted(by: { $0.rawValue < $1.rawValue }) {
            guard var call = calls[id] else { continue }
            reconsider(&call, occasion.forAnotherCall)
            store(call)
        }
    }

    /// Whether a line that nobody took was silent again well before a moment at which it is said to ring or to answer.
    private func isOver(_ line: TrackedCall, wellBefore moment: Moment?) -> Bool {
        guard !line.wasConnected, let stopped = line.ringingStopped ?? line.ended else { return false }
        return Moment.span(from: stopped, to: moment).map { $0 > limits.settle } ?? false
    }

    /// Whether a queue says that it connected its caller to this line.
    func wasServed(by line: TrackedCall) -> Bool {
        guard let queue = line.queueCall.flatMap({ calls[$0] }), !isOver(line, wellBefore: queue.connected) else {
            return false
        }
        return queue.legs.contains { leg in
            leg.line != nil && leg.line == line.local?.line && (leg.state == .connected || leg.outcome == .answered)
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
            let rung = Set(mates.filter { $0.id == queue.id || queue.mayHaveRung($0) }.map(\.providersSession))
            return rung.contains(call.providersSession) && others.contains { rung.contains($0.providersSession) }
        }
    }
}

extension TrackedCall {
    /// What ties it to others by the provider's word, whatever it has been linked with.
    fileprivate var providersSession: String? { ownSession ?? session }

    /// Whether there was a moment at which both went on, as far as is known: by the provider's clock, which times both,
    /// else by ours.
    fileprivate func overlaps(_ other: TrackedCall) -> Bool {
        begins(beforeTheEndOf: other) && other.begins(beforeTheEndOf: self)
    }

    private func begins(beforeTheEndOf other: TrackedCall) -> Bool {
        let end = other.ended ?? (other.wasConnected ? nil : other.ringingStopped)
        guard let end else { return other.isOpen }
        let beginning = joined ?? started
        guard let first = beginning.provider, let last = end.provider else {
            return beginning.observed <= end.observed
        }
        return first <= last
    }

    /// How surely this stay rings the line of a call: 2 while it does or where it was answered there, 1 where it did, 0
    /// where it does not say so.
    fileprivate func ringing(onLineOf call: TrackedCall) -> Int {
        legs.filter { $0.line != nil && $0.line == call.local?.line }
            .map { $0.state != .ended || $0.outcome == .answered ? 2 : 1 }.max() ?? 0
    }

    /// Whether this stay may have rung the telephone of a call: it says so, or that of an agent whose line it did not
    /// name. Where it says nothing of agents it rang somebody only if it was served.
    fileprivate func mayHaveRung(_ call: TrackedCall) -> Bool {
        legs.isEmpty ? wasConnected : legs.contains { $0.line == nil || $0.line == call.local?.line }
    }
}
