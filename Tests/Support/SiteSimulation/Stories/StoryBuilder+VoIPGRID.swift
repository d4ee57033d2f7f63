import CallModel

/// Click-to-dial calls that are polled, and calls that are notified.
extension StoryBuilder {
    /// The status is a sample: what is between two polls is never seen.
    mutating func clickToDial() -> Story {
        let id = "zs\(index)"
        var course: [(word: String, at: Int64)] = [(random.one(of: ["", "null"]), begin)]
        var at = begin + span(0...2)
        course.append(("dialing_a", at))
        at += span(1...8)
        var hangUp: Int64?
        switch random.number(0...9) {
        case 0: course.append((random.one(of: ["failed_a", "failing_a"]), at))
        case 1: course.append(("blacklisted", at))
        default:
            if random.happens(20) {
                course.append(("confirm", at))
                at += span(1...4)
            }
            course.append(("dialing_b", at))
            at += span(1...20)
            switch random.number(0...9) {
            case 0: course.append((random.one(of: ["failed_b", "failing_b"]), at))
            case 1:
                hangUp = at
                course.append(("disconnected", at + span(1...3)))
            default:
                course.append(("connected", at))
                at += span(1...40)
                course.append(("disconnected", at))
            }
        }
        let call = add(
            TrueCall(
                source: Site.sales, identity: .asked("c-sales-\(index)"), family: .sampled, directions: [.outbound],
                remote: outside(), outcome: outcome(of: course, isHungUp: hangUp != nil)))
        let attributes = ["call": "c-sales-\(index)", "to": outside(), "result": "accepted"]
        send(
            .whole(.placement, body: answer(course[0].word, id, isWhole: true), attributes: attributes), Site.sales,
            at: begin, [(call, .began)], latest: 0, repeatedWithin: 0, canBeLost: false)
        if let hangUp {
            send(
                .whole(.hangup, body: "", attributes: ["callid": id]), Site.sales, at: hangUp, [(call, .hangUpAsked)],
                latest: 0, repeatedWithin: 0, canBeLost: false)
        }
        poll(course, id, call)
        return story("we place a click-to-dial call")
    }

    private mutating func poll(_ course: [(word: String, at: Int64)], _ id: String, _ call: Int) {
        guard let end = course.last?.at else { return }
        var at = begin + random.number(100...600)
        var isOver = false
        let isWhole = random.happens(50)
        while !isOver {
            // A poll that fails at the end is asked again: four more.
            if at > end + 6_000 { isOver = true }
            let word = course.last { $0.at <= at }?.word ?? ""
            send(
                .whole(
                    .status, body: answer(word, id, isWhole: isWhole), attributes: ["callid": id, "status": "200"]),
                Site.sales, at: at, [(call, meaning(of: word))], latest: 0)
            at += word == "connected" ? 5_000 : random.number(1_000...2_000)
        }
    }

    private func meaning(of word: String) -> Meaning {
        switch word {
        case "dialing_b": .rang
        case "connected": .answered
        case "disconnected": .ended(nil)
        case "failed_a", "failing_a", "failed_b", "failing_b": .ended(.failed)
        case "blacklisted": .ended(.blocked)
        default: .began
        }
    }

    private func outcome(of course: [(word: String, at: Int64)], isHungUp: Bool) -> Outcome {
        if course.contains(where: { $0.word == "connected" }) { return .answered }
        if isHungUp { return .cancelled }
        if case .ended(let outcome?) = meaning(of: course[course.count - 1].word) { return outcome }
        return .unknown
    }

    private func answer(_ word: String, _ id: String, isWhole: Bool) -> String {
        let status = word == "null" ? "null" : "\"\(word)\""
        guard isWhole else { return "{\"status\":\(status)}" }
        return """
            {"a_cli":"+33199000005","a_number":"238","auto_answer":false,"b_cli":"+33199000005",\
            "b_number":"\(outside())","callid":"\(id)","created":"2026-01-05T10:00:00",\
            "originating_ip":"[redacted]","resource_uri":"/api/clicktodial/\(id)/","status":\(status)}
            """
    }

    /// A call told by notifications: created, ringing as telephones start, in progress, ended.
    mutating func notified() -> Story {
        let id = random.happens(50) ? "58f1a0\(index)-1531150397.972" : "pbx-amsterdam-\(index).123"
        let isOutbound = random.happens(30)
        let answeredAt = random.happens(65) ? begin + span(3...40) : nil
        let endsAt = answeredAt.map { $0 + talkSpan() } ?? begin + span(5...60)
        let missed: Outcome = isOutbound ? .noAnswer : .missed
        let call = add(
            TrueCall(
                source: Site.sales, identity: .call(id, line: nil), family: .line,
                directions: [isOutbound ? .outbound : .inbound], remote: outside(),
                outcome: answeredAt == nil ? missed : .answered,
                talk: answeredAt.map { .milliseconds(endsAt - $0) }))
        let isMicro = random.happens(50)
        func notify(_ status: String, at: Int64, _ meaning: Meaning, targets: Int = 0) {
            let time = Timestamp(milliseconds: Site.start.milliseconds + at + (site.skews[Site.sales] ?? 0))
            let text = time.description
            let stamp =
                isMicro ? "\(text.dropLast())123+00:00" : "\(text.prefix(19)).\(text.dropLast().suffix(3))+00:00"
            let own = Site.line(.sales, 1)
            let devices = (0..<targets).map {
                "{\"number\":\"\(own)\",\"name\":null,\"account_number\":\(230 + $0),\"user_numbers\":[]}"
            }
            let outer = "\"number\":\"\(outside())\",\"name\":null,\"account_number\":null,\"user_numbers\":[]"
            let inner = "\"number\":\"\(own)\",\"name\":null,\"account_number\":null,\"user_numbers\":[]"
            let sides = isOutbound ? (inner, outer) : (outer, inner)
            let ring = targets == 0 ? "" : ",\"targets\":[\(devices.joined(separator: ","))]"
            let body = """
                {"call_id":"\(id)","timestamp":"\(stamp)","status":"\(status)","version":"v2","reason":"",\
                "direction":"\(isOutbound ? "outbound" : "inbound")","caller":{\(sides.0)},\
                "destination":{\(sides.1)\(isOutbound ? "" : ring)}}
                """
            send(.whole(.webhook, body: body, attributes: [:]), Site.sales, at: at, [(call, meaning)], latest: 15_000)
        }
        if !isOutbound { notify("created", at: begin, .began) }
        notify("ringing", at: begin + 700, .rang, targets: 1)
        if !isOutbound, random.happens(40) { notify("ringing", at: begin + 1_500, .rang, targets: 3) }
        if let answeredAt {
            notify("in-progress", at: answeredAt, .answered)
            if random.happens(20), endsAt - answeredAt > 4_000 {
                // Whoever is transferred was connected; the line that it was stays ours.
                let word = random.one(of: ["warm-transfer", "cold-transfer", "warm_transfer", "Cold Transfer"])
                notify(word, at: answeredAt + random.number(1_000...3_000), .talking)
            }
        }
        notify("ended", at: endsAt, .ended(nil))
        return story("VoIPGRID notifies a call")
    }
}
