import CallModel
import Testing

/// What must hold when deliveries are lost, doubled or out of order: no promise of any provider is needed.
struct DisorderTests {
    @Test(arguments: Fixture.all)
    func startingAnywhereEndsEveryCallOnce(_ fixture: Fixture) {
        var checked: Set<EventDraft> = []
        let decoded = fixture.deliveries.map(Arrival.init)
        for count in decoded.indices { check(run(decoded.dropFirst(count)), &checked) }
        let single = decoded.flatMap { arrival in arrival.facts.map { Arrival(facts: [$0], observed: $0.observed) } }
        for count in single.indices { check(run(single.dropFirst(count)), &checked) }
    }

    @Test(arguments: Fixture.all)
    func losingAnyOneEndsEveryCallOnce(_ fixture: Fixture) {
        var checked: Set<EventDraft> = []
        let decoded = fixture.deliveries.map(Arrival.init)
        for lost in decoded.indices {
            var rest = decoded
            rest.remove(at: lost)
            check(run(rest), &checked)
        }
    }

    /// Each arrives at the other's time.
    @Test(arguments: Fixture.all)
    func swappingNeighboursEndsEveryCallOnce(_ fixture: Fixture) {
        var checked: Set<EventDraft> = []
        let decoded = fixture.deliveries.map(Arrival.init)
        for index in decoded.indices.dropFirst() {
            var (earlier, later) = (fixture.deliveries[index], fixture.deliveries[index - 1])
            swap(&earlier.observed, &later.observed)
            var swapped = decoded
            swapped[index - 1] = Arrival(earlier)
            swapped[index] = Arrival(later)
            check(run(swapped), &checked)
        }
    }

    /// Redelivered at once, and a moment later, when only the provider's words tell that it is the same.
    @Test(arguments: Fixture.all)
    func doublingChangesNoSummary(_ fixture: Fixture) {
        var checked: Set<EventDraft> = []
        let decoded = fixture.deliveries.map(Arrival.init)
        let summaries = run(decoded).summaries
        let doubled = run(decoded.flatMap { [$0, $0] })
        check(doubled, &checked)
        #expect(doubled.summaries == summaries)

        let repeated = fixture.deliveries.map { delivery in
            var later = delivery
            later.observed = delivery.observed.advanced(by: .milliseconds(1))
            return Arrival(later)
        }
        let both = run(zip(decoded, repeated).flatMap { [$0, $1] })
        check(both, &checked)
        #expect(both.summaries == summaries)
    }

    /// A delivery, decoded once for all the ways in which it arrives.
    private struct Arrival {
        var facts: [Fact]
        var observed: Timestamp

        init(facts: [Fact], observed: Timestamp) {
            self.facts = facts
            self.observed = observed
        }

        init(_ delivery: Delivery) {
            self.init(facts: Bench.facts(delivery), observed: delivery.observed)
        }
    }

    private func run(_ arrivals: some Sequence<Arrival>) -> Bench {
        var bench = Bench()
        var last = Fixture.start
        for arrival in arrivals {
            bench.feed(arrival.facts, at: arrival.observed)
            last = max(last, arrival.observed)
        }
        bench.finish(after: last)
        return bench
    }

    /// - Parameter checked: lines of earlier runs, which are not looked at again.
    private func check(
        _ bench: Bench, _ checked: inout Set<EventDraft>, _ location: SourceLocation = #_sourceLocation
    ) {
        var ends: [String: Int] = [:]
        var summaries: [String: Int] = [:]
        var subjects: Set<String> = []
        for draft in bench.drafts where draft.type.rawValue.hasPrefix("call.") {
            subjects.insert(draft.subject)
            if draft.type == .callEnded { ends[draft.subject, default: 0] += 1 }
            if draft.type == .callSummary { summaries[draft.subject, default: 0] += 1 }
        }
        for subject in subjects {
            #expect(ends[subject] == 1, "\(subject)", sourceLocation: location)
            #expect(summaries[subject] == 1, "\(subject)", sourceLocation: location)
        }
        let ids = bench.drafts.map(\.id)
        #expect(Set(ids).count == ids.count, sourceLocation: location)
        let outcomes = bench.outcomes
        for call in bench.connected {
            #expect(outcomes[call] != .missed && outcomes[call] != .noAnswer, "\(call)", sourceLocation: location)
        }
        for draft in bench.drafts where checked.insert(draft).inserted {
            let line = Bench.line(draft, seq: 1)
            #expect(StreamLineCheck.fault(in: line) == nil, "\(line)", sourceLocation: location)
        }
        #expect(bench.tracker.liveCalls.isEmpty, sourceLocation: location)
    }
}
