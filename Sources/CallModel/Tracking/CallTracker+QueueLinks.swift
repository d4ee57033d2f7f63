/// A caller who waits in a queue and the telephone of an agent that rings for him are two calls with two names, and
/// nothing the provider sends ties one to the other (OVH guide: the ids of lines and queues have nothing in common).
///
/// They are linked, never merged: an incoming line call and a queue stay of one provider, with the same caller, that
/// overlap in time get one session, whichever is heard of first. A queue and the telephones of its agents have tokens of
/// their own, and so may be sources of their own. It is a conclusion: somebody who calls twice at once from one number is
/// linked too.
extension CallTracker {
    mutating func linkQueue(of call: inout TrackedCall, _ occasion: Occasion) {
        guard call.role == .inbound, call.queueCall == nil, let caller = call.remote?.number else { return }
        let others = index.calls(from: caller, ofProvider: call.source.provider).compactMap { calls[$0] }
        if call.queue == nil {
            let queues = others.filter { $0.queue != nil && $0.overlaps(call) }
            // The one that rings this line, else the one joined last.
            func rank(_ queue: TrackedCall) -> (Int, Timestamp, String) {
                (queue.hasLeg(onLineOf: call) ? 1 : 0, (queue.joined ?? queue.started).shown, queue.id.rawValue)
            }
            guard var queue = queues.max(by: { rank($0) < rank($1) }) else { return }
            nameSession(of: &queue)
            store(queue)
            join(&call, queue, occasion)
        } else {
            let lines = others.filter { $0.queue == nil && $0.queueCall == nil && $0.role == .inbound }
                .filter { $0.overlaps(call) }.sorted { $0.id.rawValue < $1.id.rawValue }
            guard !lines.isEmpty else { return }
            nameSession(of: &call)
            for var line in lines {
                join(&line, call, occasion)
                if line.isOpen, line.isAnnounced {
                    tell(.callUpdated, line, occasion, line.data())
                }
                store(line)
            }
        }
    }

    private func nameSession(of queue: inout TrackedCall) {
        queue.session = queue.session ?? "s" + queue.id.rawValue.dropFirst()
    }

    /// The queue names the session. What shared the line's own session comes along.
    private mutating func join(_ line: inout TrackedCall, _ queue: TrackedCall, _ occasion: Occasion) {
        line.queueCall = queue.id
        fired(.linkedWithQueue, line.id, queue.id.rawValue)
        fired(.linkedWithQueue, queue.id, line.id.rawValue)
        line.inference = "linked with a queue by the caller's number and the time"
        guard let session = queue.session, let old = line.session, old != session else {
            line.session = queue.session
            return
        }
        for id in index.calls(inSession: old).sorted(by: { $0.rawValue < $1.rawValue }) where id != line.id {
            guard var other = calls[id], other.id != queue.id else { continue }
            index.move(id, from: old)
            other.ownSession = other.ownSession ?? old
            other.session = session
            if other.isOpen, other.isAnnounced { tell(.callUpdated, other, occasion, other.data()) }
            store(other)
        }
        index.move(line.id, from: old)
        line.ownSession = line.ownSession ?? old
        line.session = session
    }

    /// Whether a queue says that it connected its caller to this line.
    func wasServed(by line: TrackedCall) -> Bool {
        guard let queue = line.queueCall.flatMap({ calls[$0] }) else { return false }
        return queue.legs.contains { leg in
            leg.line != nil && leg.line == line.local?.line && (leg.state == .connected || leg.outcome == .answered)
        }
    }

    /// How the call came out, by all that its session knows.
    func conclusion(of call: TrackedCall) -> Conclusion {
        let others = othersConnected(inSessionOf: call)
        return call.conclude(
            answeredElsewhere: !others.isEmpty, servedQueue: wasServed(by: call),
            connectedThere: others.contains { areTwoEnds(call, $0) })
    }
}

extension TrackedCall {
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

    fileprivate func hasLeg(onLineOf call: TrackedCall) -> Bool {
        legs.contains { $0.line != nil && $0.line == call.local?.line }
    }
}
