import CallModel

/// Stays in OVH queues: offers, failed tries, bridges that come to nothing, a service or none.
extension StoryBuilder {
    struct Stay {
        var call: Int
        var queue: String
        var member: String
        var source: SourceName
        var wire: OVHWire
        var caller: String
        var joined: Int64
        /// Others call from the same number meanwhile: which telephones the queue rings must be heard to tell them
        /// apart.
        var isShared = false
        /// The agents' telephones that are followed too, by line.
        var lines: [String: Int] = [:]
    }

    mutating func ovhQueue() -> Story {
        let source = Site.paris
        let wire = ovhWire(source)
        let queue = Site.line(.queues, random.number(0...4))
        // A published id has four groups: no UUID.
        let member = "4533\(index)-3424-4322-4242362fd23d"
        let agents = (0..<Int(random.number(1...4))).map { Site.line(.agents, random.number(0...9) * 4 + Int64($0)) }
        let isServed = random.happens(70)
        let call = add(
            TrueCall(
                source: source, identity: .call(member, line: nil), family: .queue, directions: [.inbound],
                remote: outside(), outcome: isServed ? .answered : .abandoned))
        let stay = Stay(
            call: call, queue: queue, member: member, source: source, wire: wire, caller: outside(), joined: begin)
        tell(stay, "member-queue-start", at: begin, .began)
        count(stay, at: begin + 10)
        var at = begin + span(1...4)
        for attempt in 0..<Int(random.number(0...2)) { at = failedRound(stay, agents, attempt, at) }
        if isServed {
            serve(stay, agents, at)
        } else {
            giveUp(stay, agents, at)
        }
        return story("a caller waits in an OVH queue")
    }

    /// A caller who leaves the queue and comes back is named as before: the next call.
    mutating func ovhQueueResumed() -> Story {
        let queue = Site.line(.queues, random.number(0...4))
        let member = "4534\(index)-3424-4322-4242362fd23d"
        let agents = [Site.line(.agents, random.number(0...9) * 4)]
        func stay(_ outcome: Outcome, joined: Int64, turn: Int) -> Stay {
            let call = add(
                TrueCall(
                    source: Site.paris, identity: .turn(member, turn), family: .queue, directions: [.inbound],
                    remote: outside(), outcome: outcome))
            return Stay(
                call: call, queue: queue, member: member, source: Site.paris, wire: ovhWire(Site.paris),
                caller: outside(), joined: joined)
        }
        let first = stay(.abandoned, joined: begin, turn: 0)
        tell(first, "member-queue-start", at: begin, .began)
        let left = begin + span(3...60)
        leave(first, at: left, "BREAK_OUT")
        // What is lost or late of these two makes one stay of both, and nobody could tell.
        sent[sent.count - 1].isUndisturbed = true
        let back = left + span(3...120)
        let isServed = random.happens(70)
        let second = stay(isServed ? .answered : .abandoned, joined: back, turn: 1)
        tell(second, "member-queue-resume", at: back, .began)
        sent[sent.count - 1].isUndisturbed = true
        if isServed {
            serve(second, agents, back + span(1...4))
        } else {
            giveUp(second, agents, back + span(1...4))
        }
        return story("a caller comes back to an OVH queue")
    }

    mutating func tell(
        _ stay: Stay, _ action: String, at: Int64, _ meaning: Meaning, _ fields: [(String, String)] = []
    ) {
        let payload = stay.wire.queue(
            action, queue: stay.queue, member: stay.member, caller: stay.caller, at: at, fields)
        send(payload, stay.source, at: at, [(stay.call, meaning)], latest: Self.ovhLatest)
    }

    mutating func offer(_ stay: Stay, to line: String, at: Int64) {
        tell(stay, "agent-offering", at: at, .offered, agent(line))
        if let call = stay.lines[line] { sent[sent.count - 1].tells.append((call, .named)) }
        if stay.isShared { sent[sent.count - 1].canBeLost = false }
    }

    private mutating func count(_ stay: Stay, at: Int64) {
        let payload = stay.wire.queue(
            random.happens(50) ? "members-count" : "member-count", queue: stay.queue, member: nil, caller: nil, at: at,
            [("Count", String(random.number(0...9)))])
        send(payload, stay.source, at: at, [], latest: Self.ovhLatest)
    }

    func agent(_ line: String) -> [(String, String)] {
        [
            ("QueueAgent", "agent_00\(line.dropFirst())_\(line.suffix(2))"), ("Agent", "00\(line.dropFirst())"),
            ("QueueAgentSystem", "single_box"),
        ]
    }

    /// Agents that could not be had; or one whose bridge was told and never came to be.
    private mutating func failedRound(_ stay: Stay, _ agents: [String], _ attempt: Int, _ begin: Int64) -> Int64 {
        let end = begin + span(4...15)
        let wire = stay.wire
        if random.happens(30) {
            let line = agents[0]
            offer(stay, to: line, at: begin)
            let times = [
                ("QueueMemberJoinedTime", wire.seconds(stay.joined)), ("QueueAgentCalledTime", wire.seconds(begin)),
                ("QueueAgentAnsweredTime", wire.seconds(end)),
            ]
            tell(stay, "bridge-agent-start", at: end, .bridged, agent(line) + times)
            let over = end + span(1...3)
            let more = [
                ("QueueAgentBridged", "false"), ("QueueBridgeTerminatedTime", wire.seconds(over)),
                ("QueueHangupCause", "DESTINATION_OUT_OF_ORDER"),
            ]
            tell(stay, "bridge-agent-end", at: over, .takenBack, agent(line) + times + more)
            return over + span(2...4)
        }
        for line in agents {
            offer(stay, to: line, at: begin)
            let cause = random.one(of: ["NO_ANSWER", "USER_BUSY", "DESTINATION_OUT_OF_ORDER", "CALL_REJECTED"])
            let times = [
                ("QueueHangupCause", cause), ("QueueAgentCalledTime", wire.seconds(begin)),
                ("QueueAgentAbortedTime", wire.seconds(end)),
            ]
            let action = random.happens(80) ? "bridge-agent-fail" : "bridge-agent-failed"
            tell(stay, action, at: end, .offerFailed, agent(line) + (random.happens(80) ? times : [times[0]]))
        }
        return end + span(2...4)
    }

    private mutating func serve(_ stay: Stay, _ agents: [String], _ begin: Int64) {
        var free: [String: Int64] = [:]
        _ = serve(stay, agents, begin, &free)
    }

    /// When the caller was served.
    mutating func serve(_ stay: Stay, _ agents: [String], _ begin: Int64, _ free: inout [String: Int64]) -> Int64 {
        let wire = stay.wire
        let answered = begin + span(2...30)
        let over = answered + span(4...150)
        var stay = stay
        let left = over + random.number(0...900)
        calls[stay.call].wait = .milliseconds(answered - stay.joined)
        calls[stay.call].talk = .milliseconds(over - answered)
        let winner = random.one(of: agents)
        for line in agents { free[line] = (line == winner ? over : answered) + 500 }
        agentLines(&stay, agents, winner: winner, rings: begin, stops: answered, ends: over)
        for line in agents { offer(stay, to: line, at: begin) }
        let times = [
            ("QueueMemberJoinedTime", wire.seconds(stay.joined)), ("QueueAgentCalledTime", wire.seconds(begin)),
            ("QueueAgentAnsweredTime", wire.seconds(answered)),
        ]
        tell(stay, "bridge-agent-start", at: answered, .bridged, agent(winner) + times)
        if stay.isShared { sent[sent.count - 1].canBeLost = false }
        for line in agents where line != winner {
            let cause = [("QueueHangupCause", "LOSE_RACE"), ("QueueAgentAbortedTime", wire.seconds(answered))]
            tell(stay, "bridge-agent-fail", at: answered + random.number(-200...200), .offerFailed, agent(line) + cause)
        }
        count(stay, at: answered + 20)
        let bridge =
            times + [("QueueHangupCause", "SUCCESS"), ("QueueBridgeTerminatedTime", wire.seconds(over))]
            + (random.happens(50) ? [("QueueAgentBridged", "true")] : [])
        tell(stay, "bridge-agent-end", at: over, .bridgeOver, agent(winner) + bridge)
        let end = [
            ("QueueCause", "Terminated"), ("QueueHangupCause", "SUCCESS"),
            ("QueueMemberJoinedTime", wire.seconds(stay.joined)), ("QueueMemberLeavingTime", wire.seconds(left)),
        ]
        let whole = random.happens(70) ? agent(winner) + [("QueueAgentAnsweredTime", wire.seconds(answered))] : []
        tell(stay, "member-queue-end", at: left, .ended(.answered), end + whole)
        return answered
    }

    private mutating func giveUp(_ stay: Stay, _ agents: [String], _ begin: Int64) {
        var free: [String: Int64] = [:]
        giveUp(stay, agents, begin, &free)
    }

    mutating func giveUp(_ stay: Stay, _ agents: [String], _ begin: Int64, _ free: inout [String: Int64]) {
        let left = begin + span(2...60)
        for line in agents { free[line] = left + 500 }
        let reason = random.one(of: ["TIMEOUT", "NO_AGENT_TIMEOUT", "BREAK_OUT", "EXIT_WITH_KEY", "NONE"])
        let isRinging = random.happens(60)
        if isRinging {
            var stay = stay
            agentLines(&stay, agents, winner: nil, rings: begin, stops: left, ends: left)
            for line in agents {
                offer(stay, to: line, at: begin)
                // Between the caller's end and the agents' there is no order.
                tell(
                    stay, "bridge-agent-fail", at: left + random.number(-500...500), .offerFailed,
                    agent(line) + [("QueueHangupCause", "ORIGINATOR_CANCEL")])
            }
        }
        leave(stay, at: left, reason)
        count(stay, at: left + 30)
    }

    private mutating func leave(_ stay: Stay, at left: Int64, _ reason: String) {
        calls[stay.call].wait = .milliseconds(left - stay.joined)
        let end = [
            ("QueueCause", "Cancel"), ("QueueCancelReason", reason),
            ("QueueMemberJoinedTime", stay.wire.seconds(stay.joined)),
            ("QueueMemberLeavingTime", stay.wire.seconds(left)),
        ]
        tell(stay, "member-queue-end", at: left, .ended(.abandoned), end)
    }

    /// The agents' telephones may be OVH lines that we follow too: calls of their own, under other ids.
    mutating func agentLines(
        _ stay: inout Stay, _ agents: [String], winner: String?, rings: Int64, stops: Int64, ends: Int64,
        round: String = "a", others: Outcome? = nil
    ) {
        guard stay.isShared || random.happens(50) else { return }
        // They may have tokens of their own, in a source of their own.
        let source = ovhSource()
        for line in agents {
            let isWinner = line == winner
            let leg = OVHLeg(
                source: source, line: line, call: "\(round)\(index)-\(stay.call)-\(line.suffix(3))",
                calling: stay.caller,
                called: line, ringsAt: rings + 200, answeredAt: isWinner ? stops : nil, endsAt: isWinner ? ends : stops)
            let outcome = isWinner ? .answered : others ?? (winner == nil ? .missed : .answeredElsewhere)
            var call = TrueCall(
                source: leg.source, identity: .call(leg.call, line: line), family: .ovhLine, directions: [.inbound],
                remote: stay.caller, outcome: outcome, talk: isWinner ? .milliseconds(ends - stops) : nil)
            call.needsQueueLink = true
            stay.lines[line] = add(call)
            tell(leg, stay.lines[line] ?? 0)
        }
    }
}
