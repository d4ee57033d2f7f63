import CallModel

/// Several callers of one number: nothing but what the queues say of their agents, and when, tells their calls apart.
extension StoryBuilder {
    /// Several people call at once from one number, that of a switchboard: into queues, and lines directly.
    mutating func ovhSwitchboard() -> Story {
        let agents = (0..<5).map { Site.line(.agents, random.number(0...4) * 8 + $0) }
        // Several queues ring the same agents, each for one caller at a time.
        var free: [String: Int64] = [:]
        let stays = Int(random.number(1...3))
        for which in 0..<stays {
            let isServed = random.happens(60)
            let member = "4535\(index)-\(which)-4322-4242362fd23d"
            let call = add(
                TrueCall(
                    source: Site.paris, identity: .call(member, line: nil), family: .queue, directions: [.inbound],
                    remote: outside(), outcome: isServed ? .answered : .abandoned))
            let joined = begin + span(0...8)
            let stay = Stay(
                call: call, queue: Site.line(.queues, random.number(0...4)), member: member, source: Site.paris,
                wire: ovhWire(Site.paris), caller: outside(), joined: joined, isShared: true)
            tell(stay, "member-queue-start", at: joined, .began)
            var at = joined + span(1...4)
            if random.happens(50) {
                at = ringInVain(stay, some(of: agents, &free, at), at, isServedLater: isServed, &free)
            }
            let own = some(of: agents, &free, at)
            if isServed {
                if own.isEmpty { at = (free[agents[0]] ?? at) + span(1...4) }
                let winner = serve(stay, own.isEmpty ? [agents[0]] : own, at, &free)
                if stays == 1, random.happens(50) {
                    callDirectly(own.isEmpty ? agents[0] : random.one(of: own), winner)
                }
            } else {
                giveUp(stay, own, at, &free)
            }
        }
        let source = ovhSource()
        for (place, line) in lines(source == Site.paris ? .paris : .lyon, Int(random.number(1...3))).enumerated() {
            let at = begin + span(0...20)
            let answeredAt = random.happens(50) ? at + span(1...30) : nil
            let leg = OVHLeg(
                source: source, line: line, call: "b\(index)-\(place)", calling: outside(), called: line, ringsAt: at,
                answeredAt: answeredAt, endsAt: answeredAt.map { $0 + span(10...90) } ?? at + span(10...60))
            tell(
                leg,
                add(
                    TrueCall(
                        source: source, identity: .call(leg.call, line: line), family: .ovhLine, directions: [.inbound],
                        remote: outside(), outcome: answeredAt == nil ? .missed : .answered,
                        talk: answeredAt.map { .milliseconds(leg.endsAt - $0) })))
        }
        // Nor do queues and lines tell what happens at one time at one time.
        for index in sent.indices { sent[index].delay = random.number(0...1_200) }
        return story("a switchboard calls OVH lines and queues at once")
    }

    /// Up to three of the agents who are free.
    private mutating func some(of agents: [String], _ free: inout [String: Int64], _ at: Int64) -> [String] {
        var own = agents.filter { free[$0] ?? 0 <= at }
        while own.count > Int(random.number(1...3)) { own.remove(at: Int(random.number(0...Int64(own.count - 1)))) }
        return own
    }

    /// A round of a queue that nobody takes.
    private mutating func ringInVain(
        _ stay: Stay, _ agents: [String], _ begin: Int64, isServedLater: Bool, _ free: inout [String: Int64]
    ) -> Int64 {
        let end = begin + span(4...15)
        var stay = stay
        agentLines(
            &stay, agents, winner: nil, rings: begin, stops: end, ends: end, round: "v",
            others: isServedLater ? .answeredElsewhere : .missed)
        for line in agents {
            free[line] = end + 500
            offer(stay, to: line, at: begin)
            tell(
                stay, "bridge-agent-fail", at: end + random.number(-200...200), .offerFailed,
                agent(line) + [("QueueHangupCause", "NO_ANSWER")])
        }
        return end + span(4...8)
    }

    /// Somebody else of them calls an agent, whom the queue rings no more.
    private mutating func callDirectly(_ line: String, _ served: Int64) {
        let at = served + span(4...20)
        let leg = OVHLeg(
            source: ovhSource(), line: line, call: "d\(index)", calling: outside(), called: line, ringsAt: at,
            answeredAt: nil, endsAt: at + span(5...30))
        tell(
            leg,
            add(
                TrueCall(
                    source: leg.source, identity: .call(leg.call, line: line), family: .ovhLine, directions: [.inbound],
                    remote: outside(), outcome: .missed)))
    }
}
