internal import Foundation

/// What one more OVH token costs: each is a long poll of its own, always open.
enum TokenMemory {
    static let title = "1,000 OVH tokens (10 sources of 100), polled at once"
    private static let tokensPerSource = 100
    private static let sources = 10
    /// Short, so that every poll is made a second time while it is watched.
    private static let holdSeconds = 8

    private struct Sample {
        let usage: ProcessUsage
        let load: Double
        let mostOpen: Int
        let secondsToAll: Double?
    }

    static func measure(programs: String) throws(BenchFailure) {
        let none = try sample(programs: programs, sources: 0, tokens: 0)
        let one = try sample(programs: programs, sources: 1, tokens: 1)
        let many = try sample(programs: programs, sources: sources, tokens: tokensPerSource)
        let count = sources * tokensPerSource
        let growth = Double(many.usage.residentKiB - one.usage.residentKiB) / Double(count - 1)
        var rows: [Report.Row] = [
            .init("polls in flight at once, seen by the simulator", "\(many.mostOpen)/\(count)", "", target: "all"),
            .init("from the start of the daemon to that", many.secondsToAll.map { decimal($0, 1) } ?? "-", "s"),
            .init("resident memory (VmRSS), no source", megabytes(none.usage.residentKiB), "MiB"),
            .init("resident memory (VmRSS), 1 token", megabytes(one.usage.residentKiB), "MiB"),
            .init("resident memory (VmRSS), 1,000 tokens", megabytes(many.usage.residentKiB), "MiB"),
            .init("growth a token (VmRSS)", decimal(growth, 1), "KiB", target: "<= 40"),
        ]
        if let manyShare = many.usage.proportionalKiB, let oneShare = one.usage.proportionalKiB {
            let growth = Double(manyShare - oneShare) / Double(count - 1)
            rows.append(.init("growth a token (Pss)", decimal(growth, 1), "KiB"))
        }
        rows.append(.init("processor time, 1,000 tokens", decimal(many.load, 1), "% of a core"))
        Report.section(
            title, rows,
            remarks: [
                "plain HTTP to the simulator: the state of 1,000 TLS connections is not in these figures",
                "the simulator ends an idle poll after \(holdSeconds) s (OVH: about 60 s), "
                    + "so processor time is that of \(count / holdSeconds) polls a second",
            ])
    }

    private static func sample(programs: String, sources: Int, tokens: Int) throws(BenchFailure) -> Sample {
        let workspace = try Workspace(programs: programs)
        let (simulator, port) = try workspace.startSimulator(holdSeconds: holdSeconds)
        var configuration = "country: FR\nsources:\(sources == 0 ? " []" : "")\n"
        for source in 0..<sources {
            let list = (0..<tokens).map { #"{value: "bench-token-\#(source)-\#($0)"}"# }.joined(separator: ", ")
            configuration +=
                "  - {name: ovh-\(source), provider: ovh, url: \"http://127.0.0.1:\(port)/ovh\", "
                + "tokens: [\(list)]}\n"
        }
        let started = monotonicNanoseconds()
        let daemon = try workspace.startDaemon(configuration: configuration)
        let control = Place.port(port)
        var mostOpen = 0
        var allAt: Int64?
        try daemon.waitUntilReady(seconds: 60) {
            mostOpen = max(mostOpen, (try? openPolls(control)) ?? 0)
            if mostOpen >= sources * tokens { allAt = monotonicNanoseconds() }
            return allAt != nil
        }
        // Every poll has ended and been made again by then: memory that only the first round needs is not a token's.
        let before = try ProcessUsage(of: daemon.id)
        sleep(seconds: Double(holdSeconds) * 1.5)
        let usage = try ProcessUsage(of: daemon.id)
        withExtendedLifetime((daemon, simulator)) {}
        return Sample(
            usage: usage, load: usage.load(since: before), mostOpen: mostOpen,
            secondsToAll: allAt.map { Double($0 - started) / 1_000_000_000 })
    }

    /// Polls that the simulator has taken and not yet answered.
    private static func openPolls(_ control: Place) throws(BenchFailure) -> Int {
        let body = try HTTPConnection(control).get("/control/log").body
        guard let log = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any],
            let counts = (log["counts"] as? [String: Any])?["ovh"] as? [String: [String: Any]]
        else { throw BenchFailure("the simulator's log is not as expected") }
        return counts.values.reduce(0) { $0 + (($1["open"] as? Int) ?? 0) }
    }
}
