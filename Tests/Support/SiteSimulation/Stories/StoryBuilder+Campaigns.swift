import CallModel

/// What SFR's platform and Orange's API do for us: calls they place, and messages, which are never calls.
extension StoryBuilder {
    private func dmcWire(_ source: SourceName) -> DMCWire {
        DMCWire(isJSON: source == Site.json, skew: site.skews[source] ?? 0, start: Site.start)
    }

    mutating func dmcCall() -> Story {
        let source = random.happens(50) ? Site.campaigns : Site.json
        let wire = dmcWire(source)
        let id = random.happens(50) ? "300200\(10_000_000 + index)" : "5bc9a8751a34791aff\(100_000 + index)"
        let answered = begin + span(4...40)
        let endsAt = answered + span(3...90)
        var entries: [(DMCWire.Entry, Meaning)] = []
        let outcome: Outcome
        if random.happens(40) { entries.append((DMCWire.Entry(type: "SUBMITTED", at: begin), .began)) }
        if random.happens(35) {
            let (result, meant): (String, Outcome) = random.one(of: [
                ("CRA_VOCAL_BUSY", .busy), ("CRA_VOCAL_NOANSWER", .noAnswer), ("CRA_VOCAL_REJECTED", .rejected),
                ("CRA_VOCAL_BLACKLIST", .blocked), ("CRA_VOCAL_BADNUMBER", .failed), ("", .failed),
            ])
            outcome = meant
            let place = random.happens(50) ? "code" : "info"
            let entry = DMCWire.Entry(
                type: random.happens(80) ? "ERROR" : "ABORTED", at: answered,
                more: result.isEmpty ? [] : [(place, result)])
            entries.append((entry, .ended(meant)))
        } else {
            entries.append((DMCWire.Entry(type: "ESTABLISHED", at: answered), .answered))
            let amd = random.one(of: ["human", "human", "human", "machine", "fax", "unknown"])
            var more = [("time", String((endsAt - answered + 999) / 1_000)), ("amd", amd)]
            let isVoice = !wire.isJSON && amd == "human" && random.happens(10)
            if isVoice { more.append(("voicemail", "true")) }
            let isMoved = amd == "human" && !isVoice && random.happens(25)
            if isMoved {
                let entry = DMCWire.Entry(
                    type: random.happens(60) ? "TRANSFERED" : "TRANSFERRED", at: answered + span(1...2),
                    transferredTo: Site.line(.desk, 80))
                entries.append((entry, .transferred))
            }
            outcome =
                isVoice || amd == "machine" ? .voicemail : amd == "fax" ? .failed : isMoved ? .transferred : .answered
            let own: Outcome = outcome == .transferred ? .answered : outcome
            entries.append((DMCWire.Entry(type: "ENDED", at: endsAt, more: more), .ended(own)))
        }
        let call = add(
            TrueCall(
                source: source, identity: .call(id, line: nil), family: .reported, directions: [.outbound],
                remote: outside(), outcome: outcome))
        let isCumulative = random.happens(40)
        for place in entries.indices {
            let told = isCumulative ? Array(entries[...place]) : [entries[place]]
            send(
                wire.report("call", id: id, to: outside(), history: told.map(\.0)), source, at: entries[place].0.at,
                told.map { (call, $0.1) }, latest: 12_000)
        }
        return story("SFR's platform calls")
    }

    /// A text of a campaign, its way and the answers to it. ANSWERED is an answer to a text, never an answered call.
    mutating func dmcText() -> Story {
        let source = random.happens(50) ? Site.campaigns : Site.json
        let wire = dmcWire(source)
        let id = "5bc9b8751a34791aff\(100_000 + index)"
        var entries = [
            DMCWire.Entry(type: "SENT", at: begin), DMCWire.Entry(type: "RECEIVED", at: begin + span(1...9)),
        ]
        for answer in 0..<Int(random.number(0...3)) {
            let at = begin + span(10...15) + Int64(answer) * 7_000
            entries.append(DMCWire.Entry(type: "ANSWERED", at: at, more: [("info", "Oui \(answer)")]))
        }
        let isCumulative = random.happens(40)
        for place in entries.indices {
            let told = isCumulative ? Array(entries[...place].enumerated()) : [(place, entries[place])]
            send(
                wire.report("sms", id: id, to: outside(), history: told.map(\.1)), source, at: entries[place].at,
                told.map { (-1, .message("\(id)/\($0.0)")) }, latest: 12_000)
        }
        return story("SFR's platform sends a text")
    }

    mutating func orangeCall() -> Story {
        let id = "c-orange-\(index)"
        let code = random.happens(15) ? "450" : "200"
        var call = TrueCall(
            source: Site.legacy, identity: .asked(id), family: .reported, directions: [.outbound], remote: outside(),
            outcome: code == "200" ? .unknown : .failed)
        let isMapped = code == "200" && random.happens(60)
        let isReached = isMapped && random.happens(60)
        if isMapped {
            call.source = Site.mapped
            call.family = .sampled
            call.outcome = isReached ? .answered : .noAnswer
        }
        let place = add(call)
        var attributes = ["call": id, "to": outside(), "from": "+33199000051"]
        attributes["result"] = code == "200" ? "accepted" : "refused"
        if code != "200" {
            attributes["status"] = code
            attributes["text"] = "no"
        }
        if isMapped { attributes["conference"] = "conf\(index)" }
        let body = """
            <?xml version="1.0"?><response><status><status_code>\(code)</status_code><status_msg>OK</status_msg>\
            </status>\(code == "200" ? "<call_info><call_id>n\(index)</call_id></call_info>" : "")</response>
            """
        send(
            .whole(.placement, body: body, attributes: attributes), call.source, at: begin,
            [(place, code == "200" ? .began : .ended(.failed))], latest: 0, repeatedWithin: 0, canBeLost: false)
        if isMapped {
            orangeNotifications(place, isReached: isReached)
        } else if code == "200", random.happens(50) {
            send(
                .whole(.hangup, body: body, attributes: ["callid": "n\(index)", "result": "accepted"]), Site.legacy,
                at: begin + span(5...60), [(place, .ended(.unknown))], latest: 0, repeatedWithin: 0, canBeLost: false)
        }
        return story("we place an Orange call")
    }

    /// A compatible server whose words the configuration maps. They have no time and come in their order.
    private mutating func orangeNotifications(_ call: Int, isReached: Bool) {
        func notify(_ word: String, at: Int64, _ meaning: Meaning) {
            send(
                .whole(.webhook, body: "", attributes: ["query": "cid=n\(index)&etat=\(word)", "method": "GET"]),
                Site.mapped, at: at, [(call, meaning)], latest: 0, repeatedWithin: 300)
        }
        notify("sonne", at: begin + 2_000, .rang)
        let answered = begin + 2_000 + span(1...30)
        if isReached {
            notify("decroche", at: answered, .answered)
            notify("raccroche", at: answered + span(2...60), .ended(nil))
        } else {
            notify("pasdereponse", at: answered, .ended(.noAnswer))
        }
    }

    /// Texts have neither id nor time: each arrival is one.
    mutating func orangeText() -> Story {
        let query = "api=receiveSMS&from=\(outside().dropFirst())&to=20345&content=POLL+\(index)"
        send(
            .whole(.webhook, body: "", attributes: ["query": query, "method": "GET"]), Site.legacy, at: begin,
            [(-1, .message("orange/\(index)"))], latest: 5_000, repeatedWithin: 0)
        return story("Orange hands on a text")
    }
}
