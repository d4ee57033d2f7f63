import CallModel

/// Calls of OVH lines. Key is the line and the CallId; the order of `end_ringing` and `start_calling` is not known, so
/// it is any.
extension StoryBuilder {
    /// One call as one line of ours tells it.
    struct OVHLeg {
        var source: SourceName
        var line: String
        var call: String
        var calling: String
        var called: String
        /// Nil where this line never rings: it calls.
        var ringsAt: Int64?
        var answeredAt: Int64?
        var endsAt: Int64
        var isHeld = false
    }

    mutating func ovhSource() -> SourceName { random.happens(50) ? Site.paris : Site.lyon }

    func ovhWire(_ source: SourceName) -> OVHWire {
        OVHWire(isVersionTwo: source == Site.lyon, skew: site.skews[source] ?? 0, start: Site.start)
    }

    /// OVH keeps events for a poller that is away for a while.
    static let ovhLatest: Int64 = 60_000

    mutating func tell(_ leg: OVHLeg, _ call: Int) {
        let wire = ovhWire(leg.source)
        let asText = random.happens(30)
        var events: [(String, Int64, Meaning)] = []
        if let ringsAt = leg.ringsAt {
            events.append(("start_ringing", ringsAt, .rang))
            let stop = leg.answeredAt ?? leg.endsAt
            if leg.answeredAt == nil || random.happens(80) {
                let slip = leg.answeredAt == nil ? 0 : random.number(-40...40)
                events.append(("end_ringing", stop + slip, .ringingStopped))
            }
        }
        if let answeredAt = leg.answeredAt {
            events.append(("start_calling", answeredAt, .answered))
            if leg.isHeld, leg.endsAt - answeredAt > 10_000 {
                events.append(("start_hold", answeredAt + 3_000, .talking))
                if random.happens(80) { events.append(("end_hold", answeredAt + 7_000, .talking)) }
            }
            events.append(("end_calling", leg.endsAt, .ended(nil)))
        } else if leg.ringsAt == nil || random.happens(40) {
            events.append(("end_calling", leg.endsAt + random.number(0...600), .ended(nil)))
        }
        for (event, at, meaning) in events.sorted(by: { $0.1 < $1.1 }) {
            let payload = wire.line(
                event, line: leg.line, call: leg.call, calling: leg.calling, called: leg.called, at: at,
                asText: asText)
            send(payload, leg.source, at: at, [(call, meaning)], latest: Self.ovhLatest)
        }
    }

    private func truth(_ leg: OVHLeg, remote: String?, _ directions: [Direction], _ outcome: Outcome, group: Int? = nil)
        -> TrueCall
    {
        TrueCall(
            source: leg.source, identity: .call(leg.call, line: leg.line), family: .ovhLine, directions: directions,
            remote: remote, outcome: outcome, talk: leg.answeredAt.map { .milliseconds(leg.endsAt - $0) }, group: group)
    }

    /// Somebody calls one line, and perhaps again when nobody was there.
    mutating func ovhInbound() -> Story {
        let source = ovhSource()
        let ours = line(source == Site.paris ? .paris : .lyon)
        let isHidden = random.happens(8)
        let caller = isHidden ? "anonymous" : outside()
        var at = begin
        for attempt in 0..<(random.happens(15) ? 3 : 1) {
            let isAnswered = attempt == 2 || random.happens(65)
            let rings = ringSpan()
            let answeredAt = isAnswered ? at + rings : nil
            let leg = OVHLeg(
                source: source, line: ours, call: "o\(index)-\(attempt).", calling: caller, called: ours, ringsAt: at,
                answeredAt: answeredAt, endsAt: answeredAt.map { $0 + talkSpan() } ?? at + rings + 2_000,
                isHeld: random.happens(15))
            var call = truth(leg, remote: isHidden ? nil : caller, [.inbound], isAnswered ? .answered : .missed)
            call.ringsLong = rings > 120_000
            tell(leg, add(call))
            at = leg.endsAt + span(3...20)
        }
        return story("an OVH line is called")
    }

    /// Two calls of one line at once.
    mutating func ovhParallel() -> Story {
        let source = ovhSource()
        let ours = line(source == Site.paris ? .paris : .lyon)
        for which in 0...1 {
            let at = begin + span(0...20)
            let answeredAt = random.happens(70) ? at + span(1...30) : nil
            let leg = OVHLeg(
                source: source, line: ours, call: "p\(index)-\(which)", calling: outside(which), called: ours,
                ringsAt: at, answeredAt: answeredAt, endsAt: answeredAt.map { $0 + span(10...90) } ?? at + span(10...60)
            )
            let outcome: Outcome = answeredAt == nil ? .missed : .answered
            tell(leg, add(truth(leg, remote: outside(which), [.inbound], outcome)))
        }
        return story("an OVH line is called twice at once")
    }

    mutating func ovhOutbound() -> Story {
        let source = ovhSource()
        let ours = line(source == Site.paris ? .paris : .lyon)
        let answeredAt = random.happens(70) ? begin + span(2...40) : nil
        let leg = OVHLeg(
            source: source, line: ours, call: "x\(index)", calling: ours, called: outside(),
            ringsAt: answeredAt == nil || random.happens(40) ? begin : nil, answeredAt: answeredAt,
            endsAt: answeredAt.map { $0 + talkSpan() } ?? begin + span(5...60))
        tell(leg, add(truth(leg, remote: outside(), [.outbound], answeredAt == nil ? .noAnswer : .answered)))
        return story("an OVH line calls")
    }

    /// One CallId on two lines of ours: both parties are customers.
    mutating func ovhInternal() -> Story {
        let source = ovhSource()
        let ours = lines(source == Site.paris ? .paris : .lyon, 2)
        let answeredAt = random.happens(70) ? begin + span(2...40) : nil
        let endsAt = answeredAt.map { $0 + span(5...100) } ?? begin + span(5...60)
        let called = OVHLeg(
            source: source, line: ours[1], call: "i\(index)", calling: ours[0], called: ours[1], ringsAt: begin,
            answeredAt: answeredAt, endsAt: endsAt)
        var calling = called
        calling.line = ours[0]
        calling.ringsAt = answeredAt == nil || random.happens(30) ? begin : nil
        let outcome: Outcome = answeredAt == nil ? .noAnswer : .answered
        tell(called, add(truth(called, remote: ours[0], [.internal, .inbound], outcome, group: 0)))
        tell(calling, add(truth(calling, remote: ours[1], [.internal, .outbound], outcome, group: 0)))
        return story("an OVH line calls another")
    }

    /// One CallId that rings on several lines of ours; at most one takes it.
    mutating func ovhGroup() -> Story {
        let source = ovhSource()
        let ours = lines(source == Site.paris ? .paris : .lyon, Int(random.number(2...4)))
        let winner = random.happens(75) ? random.one(of: Array(ours.indices)) : nil
        let stop = begin + span(2...40)
        for (place, line) in ours.enumerated() {
            let isWinner = place == winner
            let leg = OVHLeg(
                source: source, line: line, call: "g\(index)", calling: outside(), called: line, ringsAt: begin,
                answeredAt: isWinner ? stop : nil, endsAt: isWinner ? stop + span(5...100) : stop)
            let outcome: Outcome = isWinner ? .answered : winner == nil ? .missed : .answeredElsewhere
            tell(leg, add(truth(leg, remote: outside(), [.inbound], outcome, group: 0)))
        }
        return story("several OVH lines ring")
    }
}
