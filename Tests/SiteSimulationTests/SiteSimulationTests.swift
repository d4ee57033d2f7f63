import FoundationEssentials
import SiteSimulation
import Testing

/// A whole site, simulated: what the stream says is what happened.
///
/// `CTIBRIDGE_SIM_CALLS` sets how many calls (100,000), `CTIBRIDGE_SIM_SEED` runs one scenario again. A failure names
/// its seed and prints the smallest scenario found that fails in the same way, ready for `Tests/Fixtures`.
struct SiteSimulationTests {
    private static let callsInScenario = 500
    private static let environment = ProcessInfo.processInfo.environment

    @Test func theStreamSaysWhatHappened() async {
        let calls = Self.environment["CTIBRIDGE_SIM_CALLS"].flatMap { Int($0) } ?? 100_000
        var seeds = (0..<UInt64(max(1, (calls + Self.callsInScenario - 1) / Self.callsInScenario))).map { $0 }
        if let seed = Self.environment["CTIBRIDGE_SIM_SEED"].flatMap({ UInt64($0) }) { seeds = [seed] }
        let began = ContinuousClock.now
        var simulated = 0
        var failed: [Result] = []
        let width = ProcessInfo.processInfo.activeProcessorCount
        await withTaskGroup(of: Result.self) { group in
            var waiting = seeds[...]
            for seed in waiting.prefix(width) { group.addTask { await Self.run(seed) } }
            waiting = waiting.dropFirst(width)
            while let result = await group.next() {
                simulated += result.scenario.callCount
                if !result.faults.isEmpty { failed.append(result) }
                if let seed = waiting.popFirst() { group.addTask { await Self.run(seed) } }
            }
        }
        print("simulated \(simulated) calls in \(ContinuousClock.now - began)")
        report(failed)
        #expect(simulated >= min(calls, Self.callsInScenario))
    }

    /// A batch that cannot be kept leaves no trace: what is told afterwards is what would have been told.
    @Test(arguments: [50_000, 40]) func whatIsTriedInVainChangesNothing(maximumCalls: Int) throws {
        for seed in UInt64(0)..<12 {
            let parting = try SiteScenario(seed: seed, calls: 200).partingWhenTriedInVain(maximumCalls: maximumCalls)
            #expect(parting == nil, "seed \(seed): \(parting ?? "")")
        }
    }

    private struct Result: Sendable {
        var scenario: SiteScenario
        var faults: [SiteFault]
    }

    @concurrent private static func run(_ seed: UInt64) async -> Result {
        let scenario = SiteScenario(seed: seed, calls: callsInScenario)
        return Result(scenario: scenario, faults: scenario.faults())
    }

    /// Each broken promise once, smallest first.
    private func report(_ failed: [Result]) {
        var told: Set<String> = []
        for result in failed.sorted(by: { $0.scenario.seed < $1.scenario.seed }) {
            for fault in result.faults where told.insert(fault.rule).inserted {
                let small = ScenarioShrinker.shrink(result.scenario, to: fault)
                let again = small.faults().first { $0.rule == fault.rule } ?? fault
                let count = failed.reduce(0) { $0 + $1.faults.count { $0.rule == fault.rule } }
                Issue.record("\(count) times in \(failed.count) scenarios; \(small.report(again))")
            }
        }
    }
}
