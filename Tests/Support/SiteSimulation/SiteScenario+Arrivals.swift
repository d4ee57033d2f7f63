import CallModel

extension SiteScenario {
    /// Something that reaches the daemon, and what it tells.
    struct Arrival {
        var delivery: Delivery
        var tells: [Told]
        /// Right time, in ms; for what happens between deliveries.
        var at: Int64
    }

    struct Told {
        var part: Int
        var call: Int
        var meaning: Meaning
    }

    /// Everything that arrives, in its order.
    func arrivals() -> [Arrival] {
        var onTheWay: [(at: Int64, order: Int, part: Int, sent: Sent)] = []
        for part in parts {
            for (place, sent) in part.story.sent.enumerated() {
                let due = sent.arrives
                let order = part.index * 1_000 + place
                switch part.disturbances[place] {
                case .lost?: continue
                case .late(let delay)?:
                    onTheWay.append((due + delay, order, part.index, sent))
                case .doubled(let delay)?:
                    onTheWay.append((due, order, part.index, sent))
                    // A repetition of what was lost comes late, which not everything can.
                    let isLost = !sent.waits && sent.canBeLost && restarts.contains { $0.covers(due) }
                    if !isLost || sent.latest > 0 { onTheWay.append((due + delay, order, part.index, sent)) }
                case nil: onTheWay.append((due, order, part.index, sent))
                }
            }
        }
        for index in onTheWay.indices.reversed() where onTheWay[index].sent.canBeLost {
            guard let restart = restarts.first(where: { $0.covers(onTheWay[index].at) }) else { continue }
            if onTheWay[index].sent.waits {
                onTheWay[index].at = restart.at + restart.downtime
            } else {
                onTheWay.remove(at: index)
            }
        }
        onTheWay.sort { ($0.at, $0.order) < ($1.at, $1.order) }
        return gathered(onTheWay)
    }

    /// OVH answers a poll with all that waits; SFR may put several reports into one document.
    private func gathered(_ sent: [(at: Int64, order: Int, part: Int, sent: Sent)]) -> [Arrival] {
        var arrivals: [Arrival] = []
        var index = 0
        while index < sent.count {
            var bundle = [sent[index]]
            while index + bundle.count < sent.count, bundle.count < 8 {
                let next = sent[index + bundle.count]
                guard next.at - bundle[0].at <= 30, next.sent.isBundled(with: bundle[0].sent) else { break }
                bundle.append(next)
            }
            index += bundle.count
            let at = bundle[bundle.count - 1].at
            let tells = bundle.flatMap { item in
                item.sent.tells.map { Told(part: item.part, call: $0.call, meaning: $0.meaning) }
            }
            let delivery = Sent.delivery(of: bundle.map(\.sent), observed: observed(at))
            arrivals.append(Arrival(delivery: delivery, tells: tells, at: at))
        }
        return arrivals
    }

    /// What the host's clock shows.
    func observed(_ at: Int64) -> Timestamp {
        let offset = jumps.filter { $0.at <= at }.reduce(0) { $0 + $1.by }
        return Site.start.advanced(by: .milliseconds(at + offset))
    }
}

extension Sent {
    func isBundled(with other: Sent) -> Bool {
        guard source == other.source else { return false }
        return switch (payload, other.payload) {
        case (.ovh, .ovh): true
        case (.dmc(_, let one, _), .dmc(_, let two, _)): one == two
        default: false
        }
    }

    static func delivery(of bundle: [Sent], observed: Timestamp) -> Delivery {
        let source = bundle[0].source
        switch bundle[0].payload {
        case .whole(let kind, let body, let attributes):
            return Delivery(
                source: source, observed: observed, kind: kind, body: Array(body.utf8), attributes: attributes)
        case .ovh(_, let isVersionTwo):
            let events = bundle.map { if case .ovh(let event, _) = $0.payload { event } else { "" } }
            let list = "[\(events.joined(separator: ","))]"
            let body = isVersionTwo ? list : "{\"Session\":\"S1\",\"Message\":\"\",\"Events\":\(list)}"
            return Delivery(source: source, observed: observed, kind: .poll, body: Array(body.utf8))
        case .dmc(_, let medium, let isJSON):
            let reports = bundle.map { if case .dmc(let report, _, _) = $0.payload { report } else { "" } }
            let body =
                isJSON
                ? "{\"status_report\":{\"username\":\"1234\",\"\(medium)\":[\(reports.joined(separator: ","))]}}"
                : "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<status_report username=\"1234\">\(reports.joined())"
                    + "</status_report>"
            return Delivery(source: source, observed: observed, kind: .webhook, body: Array(body.utf8))
        }
    }
}
