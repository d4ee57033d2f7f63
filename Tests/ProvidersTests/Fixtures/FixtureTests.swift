import CallModel
import FoundationEssentials
import Providers
import StreamSchema
import Testing

/// Every fixture gives exactly its stream. See `Fixture` for the format and for how to write the expected files anew.
struct FixtureTests {
    @Test func thereAreFixturesOfEveryProvider() {
        for provider in ShippedProviders.all {
            #expect(Fixture.all.count { $0.name.hasPrefix("\(provider.id.rawValue)/") } >= 10, "\(provider)")
        }
    }

    @Test(arguments: Fixture.all)
    func givesItsStream(_ fixture: Fixture) throws {
        #expect(!fixture.deliveries.isEmpty, "the fixture cannot be read")
        let lines = Bench.run(fixture.deliveries).lines
        if Fixture.isRecording {
            try Data(lines.joined().utf8).write(to: fixture.expectedFile)
            return
        }
        let expected = try String(contentsOf: fixture.expectedFile, encoding: .utf8)
            .split(separator: "\n").map { $0 + "\n" }
        for (index, pair) in zip(lines, expected).enumerated() where pair.0 != pair.1 {
            Issue.record("line \(index + 1) is\n\(pair.0)and should be\n\(pair.1)")
            return
        }
        #expect(lines.count == expected.count)
    }

    @Test(arguments: Fixture.all)
    func writesOnlyDocumentedLines(_ fixture: Fixture) {
        for line in Bench.run(fixture.deliveries).lines {
            #expect(StreamLineCheck.fault(in: line) == nil, "\(line)")
            #expect(StreamSchema.events.violations(in: line.utf8).isEmpty, "\(line)")
        }
    }

    /// A recorded input with its arrival times gives the same bytes again.
    @Test(arguments: Fixture.all)
    func givesTheSameAgain(_ fixture: Fixture) {
        #expect(Bench.run(fixture.deliveries).lines == Bench.run(fixture.deliveries).lines)
    }

    /// After any restart an open call is stale until it is heard of; how every call comes out is the same.
    @Test(arguments: Fixture.all)
    func givesTheSameSummariesAcrossRestarts(_ fixture: Fixture) throws {
        var bench = Bench()
        for delivery in fixture.deliveries {
            bench.feed(delivery)
            try bench.restart(at: delivery.observed, isRestart: true)
            #expect(bench.tracker.liveCalls.allSatisfy { $0.data().isStale })
        }
        bench.finish(after: fixture.deliveries.map(\.observed).max() ?? Fixture.start)
        #expect(bench.summaries == Bench.run(fixture.deliveries).summaries)
        for line in bench.lines { #expect(StreamLineCheck.fault(in: line) == nil, "\(line)") }
    }

    /// Going on from what the journal holds, after any delivery, changes nothing that follows.
    @Test(arguments: Fixture.all)
    func survivesARestartAnywhere(_ fixture: Fixture) throws {
        var bench = Bench()
        for delivery in fixture.deliveries {
            bench.feed(delivery)
            try bench.restart(at: delivery.observed)
        }
        bench.finish(after: fixture.deliveries.map(\.observed).max() ?? Fixture.start)
        #expect(bench.lines == Bench.run(fixture.deliveries).lines)
    }
}
