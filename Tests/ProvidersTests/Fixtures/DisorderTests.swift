import CallModel
import Testing

/// What must hold when deliveries are lost, doubled or out of order: no promise of any provider is needed.
struct DisorderTests {
    @Test(arguments: Fixture.all)
    func startingAnywhereEndsEveryCallOnce(_ fixture: Fixture) {
        for count in fixture.deliveries.indices {
            check(Bench.run(Array(fixture.deliveries.dropFirst(count))), fixture.deliveries)
        }
        let facts = fixture.deliveries.flatMap(Bench.facts)
        for count in facts.indices {
            var bench = Bench()
            for fact in facts.dropFirst(count) { bench.feed(fact) }
            bench.finish(after: facts.map(\.observed).max() ?? Fixture.start)
            check(bench, fixture.deliveries)
        }
    }

    @Test(arguments: Fixture.all)
    func losingAnyOneEndsEveryCallOnce(_ fixture: Fixture) {
        for lost in fixture.deliveries.indices {
            var deliveries = fixture.deliveries
            deliveries.remove(at: lost)
            check(Bench.run(deliveries), fixture.deliveries)
        }
    }

    /// Each arrives at the other's time.
    @Test(arguments: Fixture.all)
    func swappingNeighboursEndsEveryCallOnce(_ fixture: Fixture) {
        for index in fixture.deliveries.indices.dropFirst() {
            var deliveries = fixture.deliveries
            deliveries.swapAt(index - 1, index)
            deliveries[index - 1].observed = fixture.deliveries[index - 1].observed
            deliveries[index].observed = fixture.deliveries[index].observed
            check(Bench.run(deliveries), fixture.deliveries)
        }
    }

    /// Redelivered at once, and a moment later, when only the provider's words tell that it is the same.
    @Test(arguments: Fixture.all)
    func doublingChangesNoSummary(_ fixture: Fixture) {
        let summaries = Bench.run(fixture.deliveries).summaries
        let doubled = Bench.run(fixture.deliveries.flatMap { [$0, $0] })
        check(doubled, fixture.deliveries)
        #expect(doubled.summaries == summaries)

        let repeated = Bench.run(
            fixture.deliveries.flatMap { delivery in
                var later = delivery
                later.observed = delivery.observed.advanced(by: .milliseconds(1))
                return [delivery, later]
            })
        check(repeated, fixture.deliveries)
        #expect(repeated.summaries == summaries)
    }

    private func check(_ bench: Bench, _ input: [Delivery], _ location: SourceLocation = #_sourceLocation) {
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
        for line in bench.lines {
            #expect(StreamLineCheck.fault(in: line) == nil, "\(line)", sourceLocation: location)
        }
        #expect(bench.tracker.liveCalls.isEmpty, sourceLocation: location)
    }
}
