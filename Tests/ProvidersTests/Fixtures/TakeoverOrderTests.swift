import CallModel
import Testing

/// A colleague takes a call over (Keyyo guide 1.5, p. 10): two calls of two accounts, tied by `DREF_REPLACE`. Each of
/// their notifications is an HTTP request of its own, so they come in any order, and some after the first summary.
struct TakeoverOrderTests {
    enum Clock: CaseIterable {
        case told, none
    }

    /// When the notifications arrive: all within the settle window, or each after the last one's.
    static let gaps = [Span.milliseconds(100), .milliseconds(2_500)]

    @Test(arguments: gaps, Clock.allCases)
    func aPickUpInAnyOrder(_ gap: Span, _ clock: Clock) {
        let first = ["SETUP", "RELEASE"].map { ofFirst($0, clock) }
        let taker = ["SETUP", "CONNECT", "RELEASE"].map { ofTaker($0, clock) }
        for order in permutations(first + taker) {
            let calls = finalCalls(order, gap)
            #expect(calls.count == 2, "\(names(order))")
            let original = calls.values.first { $0.local?.number == "+33199000031" }
            let taken = calls.values.first { $0.local?.number == "+33199000032" }
            #expect(original?.outcome == .answeredElsewhere, "\(names(order))")
            #expect(taken?.outcome == .answered, "\(names(order))")
            #expect(taken?.transfer?.kind == .pickup, "\(names(order))")
            for call in [original, taken] {
                #expect(call?.direction == .inbound, "\(names(order))")
                #expect(call?.remote?.number == "+33639980041", "\(names(order))")
            }
            #expect(original?.session != nil && original?.session == taken?.session, "\(names(order))")
        }
    }

    /// The first line had answered. With the provider's times, without which an answer that comes last is none.
    @Test(arguments: gaps)
    func anAttendedTransferInAnyOrder(_ gap: Span) {
        let first = ["SETUP", "CONNECT", "RELEASE"].map { ofFirst($0, .told) }
        let taker = ["SETUP", "CONNECT", "RELEASE"].map { ofTaker($0, .told) }
        for order in permutations(first + taker) {
            let calls = finalCalls(order, gap)
            let original = calls.values.first { $0.local?.number == "+33199000031" }
            let taken = calls.values.first { $0.local?.number == "+33199000032" }
            #expect(original?.outcome == .transferred, "\(names(order))")
            #expect(original?.transfer?.to == "+33199000032", "\(names(order))")
            #expect(taken?.outcome == .answered, "\(names(order))")
            #expect(original?.session != nil && original?.session == taken?.session, "\(names(order))")
        }
    }

    /// What was told last of each call's end, after every correction. Each has one end and one summary, and every id in
    /// `provider` is the call's own.
    private func finalCalls(_ order: [Delivery], _ gap: Span) -> [String: CallData] {
        var bench = Bench()
        var now = Fixture.start
        for var delivery in order {
            now = now.advanced(by: gap)
            delivery.observed = now
            bench.feed(delivery)
        }
        bench.finish(after: now)
        var last: [String: CallData] = [:]
        var summaries: [String: Int] = [:]
        for draft in bench.drafts {
            guard case .call(let data) = draft.data else { continue }
            if draft.type == .callSummary { summaries[draft.subject, default: 0] += 1 }
            if data.outcome != nil { last[draft.subject] = data }
            let own = data.local?.number == "+33199000031" ? "A" : "B"
            #expect(data.provider.dialog == own, "\(draft)")
        }
        #expect(summaries.values.allSatisfy { $0 == 1 })
        return last
    }

    private func ofFirst(_ type: String, _ clock: Clock) -> Delivery {
        let at = ["SETUP": 0, "CONNECT": 4_000, "RELEASE": 6_100][type] ?? 0
        return notification(
            "account=33199000031&caller=33639980041&callee=33199000031&type=\(type)&dref=A&drefreplace=", at, clock)
    }

    private func ofTaker(_ type: String, _ clock: Clock) -> Delivery {
        let at = ["SETUP": 6_000, "CONNECT": 6_200, "RELEASE": 40_000][type] ?? 0
        return notification(
            "account=33199000032&caller=33199000032&callee=33639980041&type=\(type)&dref=B&drefreplace=A", at, clock)
    }

    private func notification(_ query: String, _ at: Int, _ clock: Clock) -> Delivery {
        let time = clock == .told ? "&tsms=\(Fixture.start.milliseconds - 60_000 + Int64(at))" : ""
        return Delivery(
            source: SourceName(provider: "keyyo", name: "front-desk"), observed: Fixture.start, kind: .webhook,
            attributes: ["query": query + time])
    }

    private func names(_ order: [Delivery]) -> String {
        order.map { delivery in
            let query = delivery.attributes["query"] ?? ""
            let type = ["SETUP", "CONNECT", "RELEASE"].first { query.contains($0) } ?? ""
            return (query.contains("dref=A") ? "A " : "B ") + type
        }.joined(separator: ", ")
    }

    private func permutations(_ deliveries: [Delivery]) -> [[Delivery]] {
        guard deliveries.count > 1 else { return [deliveries] }
        return deliveries.indices.flatMap { index in
            var rest = deliveries
            let first = rest.remove(at: index)
            return permutations(rest).map { [first] + $0 }
        }
    }
}
