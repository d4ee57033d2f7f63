import CallModel
import Testing

/// Where every event brings its own time, the order of arrival changes neither the calls nor how they come out.
struct OrderTests {
    private static let timed = Fixture.all.filter { fixture in
        let facts = fixture.deliveries.flatMap(Bench.facts)
        // One of them contradicts itself: it was answered after it had ended. And where an id is used again after a
        // call whose end was never told, nobody knows whose end it is that comes before the beginning.
        return facts.allSatisfy { $0.time?.isPlausible(at: $0.observed) == true } && facts.count >= 2
            && fixture.name != "keyyo/calls/connect-dated-after-the-end"
            && !fixture.name.hasSuffix("/call-id-used-again") && !fixture.name.hasSuffix("-then-call-id-used-again")
    }

    @Test func thereAreSuchFixtures() {
        #expect(Self.timed.count >= 40)
    }

    /// Every order of any three neighbours that arrive within a minute.
    @Test(arguments: timed)
    func threeNeighboursInAnyOrder(_ fixture: Fixture) {
        let expected = Bench.run(fixture.deliveries).outcomes.values.map(\.rawValue).sorted()
        let orders = [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
        for first in fixture.deliveries.indices.dropLast(2) {
            let three = fixture.deliveries[first..<(first + 3)].map { $0 }
            guard three[2].observed.since(three[0].observed) <= .minutes(1) else { continue }
            for order in orders {
                var deliveries = fixture.deliveries
                for (place, index) in order.enumerated() {
                    deliveries[first + place] = three[index]
                    // All at the time of the last: an event cannot come before it happened.
                    deliveries[first + place].observed = three[2].observed
                }
                let outcomes = Bench.run(deliveries).outcomes.values.map(\.rawValue).sorted()
                #expect(outcomes == expected, "\(order) from delivery \(first + 1)")
            }
        }
    }
}
