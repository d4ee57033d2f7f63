import CallModel
import Testing

/// The proof over every fixture, fact by fact: the first ones missing, any one missing, neighbours swapped, any one
/// doubled. Whatever happens, every call ends once and is summed up once, nothing stays open, and no call that was
/// answered is missed. And the calls that the facts still determine come out as they did undisturbed.
///
/// When do they still? `Telling` says it for each call of the undisturbed run, from nothing but the facts:
/// * after a loss, if no fact that was lost is about the call, nor about another call of its session, line and queue,
///   that is: if all that was ever said about it still is;
/// * its outcome also, if what was lost is only of its beginning or by the way, and its answer, or a word for how it
///   ended, and its end are still told;
/// * after a swap, if both facts bring a time, name one call by an id and arrive within a minute: then the provider's
///   clock tells their order. (Where neither brings one, their order of arrival is what the facts say, and it was
///   changed.) A call is named after its first fact and times of arrival change, so that only the outcome is
///   compared. A provider that dates an answer after the end contradicts itself, and determines nothing;
/// * after a repetition, always, and to the letter.
struct LossTests {
    @Test(arguments: Fixture.all)
    func theFirstOnesMissing(_ fixture: Fixture) {
        let whole = Telling(fixture)
        for count in whole.facts.indices.dropFirst() {
            whole.expectUnchanged(without: Set(0..<count))
        }
    }

    @Test(arguments: Fixture.all)
    func anyOneMissing(_ fixture: Fixture) {
        let whole = Telling(fixture)
        for lost in whole.facts.indices { whole.expectUnchanged(without: [lost]) }
    }

    @Test(arguments: Fixture.all)
    func neighboursSwapped(_ fixture: Fixture) {
        let whole = Telling(fixture)
        for index in whole.facts.indices.dropFirst() {
            var facts = whole.facts
            facts.swapAt(index - 1, index)
            // Each arrives at the other's time.
            (facts[index - 1].observed, facts[index].observed) = (facts[index].observed, facts[index - 1].observed)
            let bench = Telling.run(facts)
            Telling.expectOrderly(bench)
            guard whole.isOrderTold(of: index - 1, index) else { continue }
            #expect(bench.sortedOutcomes == whole.bench.sortedOutcomes, "\(index - 1) and \(index)")
        }
    }

    @Test(arguments: Fixture.all)
    func anyOneDoubled(_ fixture: Fixture) {
        let whole = Telling(fixture)
        for index in whole.facts.indices {
            var facts = whole.facts
            facts.insert(facts[index], at: index)
            let bench = Telling.run(facts)
            Telling.expectOrderly(bench)
            #expect(bench.summaries == whole.bench.summaries, "\(index)")
        }
    }

    /// The comparison would be worth nothing if it were hardly ever made.
    @Test func mostLossesLeaveSomethingDetermined() {
        let compared = Fixture.all.reduce(into: 0) { count, fixture in
            let whole = Telling(fixture)
            for lost in whole.facts.indices {
                count += whole.determined(without: [lost]).count + (whole.isOutcomeTold(without: [lost]) ? 1 : 0)
            }
        }
        #expect(compared >= 100)
    }
}
