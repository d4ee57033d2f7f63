import CallModel

/// Calls of Keyyo lines, by whatever names the customer's URL asks for.
extension StoryBuilder {
    private typealias Dialogue = KeyyoWire.Dialogue

    private mutating func keyyoWire(_ namings: [KeyyoWire.Naming]) -> KeyyoWire {
        KeyyoWire(
            skew: site.skews[Site.desk] ?? 0, start: Site.start, naming: random.one(of: namings),
            isTimed: random.happens(50))
    }

    private mutating func send(
        _ type: String, _ dialogue: Dialogue, _ wire: KeyyoWire, at: Int64, _ tells: [(Int, Meaning)]
    ) {
        // Without a time a repetition is told from the next call by its arrival alone.
        let isNameless = wire.naming == .none
        send(
            wire.notification(type, dialogue, at: at), Site.desk, at: at, tells, latest: isNameless ? 1_200 : 15_000,
            repeatedWithin: wire.isTimed && !isNameless ? 20_000 : 400)
    }

    private func truth(
        _ wire: KeyyoWire, _ dialogue: Dialogue, _ directions: [Direction], remote: String?, _ outcome: Outcome,
        talk: Int64? = nil, group: Int? = nil
    ) -> TrueCall {
        var call = TrueCall(
            source: Site.desk, identity: wire.identity(dialogue, line: dialogue.account, remote: remote ?? ""),
            family: .line, directions: directions, remote: remote, outcome: outcome, group: group)
        if wire.isTimed { call.talk = talk.map { .milliseconds($0) } }
        call.isNameless = wire.naming == .none
        return call
    }

    mutating func keyyoInbound() -> Story {
        let isHidden = random.happens(8)
        let wire = keyyoWire(isHidden ? [.callref, .dref, .both] : KeyyoWire.Naming.allCases)
        let line = line(.desk)
        let caller = isHidden ? random.one(of: ["anonymous", ""]) : outside()
        var dialogue = Dialogue(
            account: line, caller: caller, callee: line, callref: "k\(index)", dref: "d\(index)")
        if random.happens(10) { dialogue.redirecting = Site.line(.desk, 70) }
        let rings = ringSpan()
        let answeredAt = random.happens(65) ? begin + rings : nil
        let endsAt = answeredAt.map { $0 + talkSpan() } ?? begin + rings + 2_000
        let isVoicemail = answeredAt != nil && random.happens(15)
        let outcome: Outcome = answeredAt == nil ? .missed : isVoicemail ? .voicemail : .answered
        let call = add(
            truth(
                wire, dialogue, [.inbound], remote: isHidden ? nil : caller, outcome,
                talk: answeredAt.map { endsAt - $0 }))
        calls[call].ringsLong = rings > 120_000
        send("SETUP", dialogue, wire, at: begin, [(call, .rang)])
        if let answeredAt {
            var connected = dialogue
            // Which of the two holds the 22 digits is not known.
            if isVoicemail { connected.callee = line + "00000000001" }
            send("CONNECT", connected, wire, at: answeredAt, [(call, .answered)])
        }
        send("RELEASE", dialogue, wire, at: endsAt, [(call, .ended(nil))])
        return story("a Keyyo line is called")
    }

    mutating func keyyoOutbound() -> Story {
        let wire = keyyoWire(KeyyoWire.Naming.allCases)
        let line = line(.desk)
        let dialogue = Dialogue(account: line, caller: line, callee: outside(), callref: "k\(index)", dref: "d\(index)")
        let answeredAt = random.happens(70) ? begin + span(2...45) : nil
        let endsAt = answeredAt.map { $0 + talkSpan() } ?? begin + span(5...60)
        var call = truth(
            wire, dialogue, [.outbound], remote: outside(), answeredAt == nil ? .noAnswer : .answered,
            talk: answeredAt.map { endsAt - $0 })
        // We may have asked for it: the notifications name it otherwise than we do.
        let isPlaced = random.happens(30)
        if isPlaced {
            call.identity = .asked("c-keyyo-\(index)")
        }
        let place = add(call)
        if isPlaced {
            let attributes = [
                "call": "c-keyyo-\(index)", "to": "0" + outside().dropFirst(3), "from": String(line.dropFirst()),
                "result": "accepted",
            ]
            send(
                .whole(.placement, body: "OK", attributes: attributes), Site.desk, at: begin - 300, [(place, .began)],
                latest: 0, repeatedWithin: 0, canBeLost: false)
        }
        send("SETUP", dialogue, wire, at: begin, [(place, .began)])
        if let answeredAt { send("CONNECT", dialogue, wire, at: answeredAt, [(place, .answered)]) }
        send("RELEASE", dialogue, wire, at: endsAt, [(place, .ended(nil))])
        return story(isPlaced ? "we place a call of a Keyyo line" : "a Keyyo line calls")
    }

    /// Both lines tell of it, perhaps under one id.
    mutating func keyyoInternal() -> Story {
        let wire = keyyoWire([.callref, .dref, .both])
        let ours = lines(.desk, 2)
        let answeredAt = random.happens(70) ? begin + span(2...45) : nil
        let endsAt = answeredAt.map { $0 + span(5...90) } ?? begin + span(5...60)
        let isOneName = random.happens(50)
        for (place, line) in ours.enumerated() {
            let name = isOneName ? "\(index)" : "\(index)-\(place)"
            let dialogue = Dialogue(
                account: line, caller: ours[0], callee: ours[1], callref: "k\(name)", dref: "d\(index)-\(place)")
            let call = add(
                truth(
                    wire, dialogue, [.internal, place == 0 ? .outbound : .inbound], remote: ours[1 - place],
                    answeredAt == nil ? .noAnswer : .answered, talk: answeredAt.map { endsAt - $0 }))
            send("SETUP", dialogue, wire, at: begin + Int64(place) * 40, [(call, .rang)])
            if let answeredAt { send("CONNECT", dialogue, wire, at: answeredAt, [(call, .answered)]) }
            send("RELEASE", dialogue, wire, at: endsAt, [(call, .ended(nil))])
        }
        return story("a Keyyo line calls another")
    }

    /// Several lines ring for a reception number, in one session; at most one takes it.
    mutating func keyyoReception() -> Story {
        let wire = keyyoWire([.callref, .dref, .both])
        let ours = lines(.desk, Int(random.number(2...5)))
        let winner = random.happens(75) ? random.one(of: Array(ours.indices)) : nil
        let stop = begin + span(2...45)
        for (place, line) in ours.enumerated() {
            let isWinner = place == winner
            let dialogue = Dialogue(
                account: line, caller: outside(), callee: line, callref: "k\(index)-\(place)",
                dref: "d\(index)-\(place)", session: "s\(index)")
            let outcome: Outcome = isWinner ? .answered : winner == nil ? .missed : .answeredElsewhere
            let endsAt = isWinner ? stop + span(5...100) : stop + random.number(-100...100)
            let call = add(
                truth(
                    wire, dialogue, [.inbound], remote: outside(), outcome, talk: isWinner ? endsAt - stop : nil,
                    group: 0))
            send("SETUP", dialogue, wire, at: begin + Int64(place) * 20, [(call, .rang)])
            if isWinner { send("CONNECT", dialogue, wire, at: stop, [(call, .answered)]) }
            send("RELEASE", dialogue, wire, at: endsAt, [(call, .ended(nil))])
        }
        return story("a Keyyo reception number is called")
    }

    /// A colleague takes a call that rings elsewhere. The interceptor is told as the caller, the outside caller as the
    /// called; between its SETUP and the first line's RELEASE there is no order.
    mutating func keyyoPickup() -> Story {
        let wire = keyyoWire([.dref, .both])
        let ours = lines(.desk, 2)
        let taken = begin + span(2...30)
        let endsAt = taken + span(5...100)
        let first = Dialogue(
            account: ours[0], caller: outside(), callee: ours[0], callref: "k\(index)-a", dref: "d\(index)-a")
        let second = Dialogue(
            account: ours[1], caller: ours[1], callee: outside(), callref: "k\(index)-b", dref: "d\(index)-b",
            replaces: "d\(index)-a")
        let ringing = add(truth(wire, first, [.inbound], remote: outside(), .answeredElsewhere, group: 0))
        let talking = add(
            truth(wire, second, [.inbound], remote: outside(), .answered, talk: endsAt - taken - 150, group: 0))
        calls[talking].takesOver = true
        send("SETUP", first, wire, at: begin, [(ringing, .rang)])
        send("SETUP", second, wire, at: taken, [(talking, .rang), (ringing, .takenOver)])
        send("RELEASE", first, wire, at: taken + random.number(-100...100), [(ringing, .ended(nil))])
        send("CONNECT", second, wire, at: taken + 150, [(talking, .answered), (ringing, .takenOver)])
        send("RELEASE", second, wire, at: endsAt, [(talking, .ended(nil)), (ringing, .takenOver)])
        return story("a Keyyo call is picked up")
    }

    /// A call goes on at another line: its dialogue is replaced after it was answered.
    mutating func keyyoTransfer() -> Story {
        let wire = keyyoWire([.dref, .both])
        let ours = lines(.desk, 2)
        let answered = begin + span(2...30)
        let moved = answered + span(5...40)
        let endsAt = moved + span(5...100)
        let first = Dialogue(
            account: ours[0], caller: outside(), callee: ours[0], callref: "k\(index)-a", dref: "d\(index)-a")
        let second = Dialogue(
            account: ours[1], caller: outside(), callee: ours[1], callref: "k\(index)-b", dref: "d\(index)-b",
            replaces: "d\(index)-a")
        let before = add(
            truth(wire, first, [.inbound], remote: outside(), .transferred, talk: moved + 200 - answered, group: 0))
        let after = add(
            truth(wire, second, [.inbound], remote: outside(), .answered, talk: endsAt - moved - 100, group: 0))
        calls[after].takesOver = true
        send("SETUP", first, wire, at: begin, [(before, .rang)])
        send("CONNECT", first, wire, at: answered, [(before, .answered)])
        send("SETUP", second, wire, at: moved, [(after, .rang), (before, .takenOver)])
        send("CONNECT", second, wire, at: moved + 100, [(after, .answered), (before, .takenOver)])
        send("RELEASE", first, wire, at: moved + 200, [(before, .ended(nil))])
        send("RELEASE", second, wire, at: endsAt, [(after, .ended(nil)), (before, .takenOver)])
        return story("a Keyyo call is transferred")
    }
}
