internal import Foundation

/// How long it takes from a provider's notification to its event in the hands of one reader, and to the durable `200`.
enum PushLatency {
    static let title = "Push to reader, durable, one reader"
    private static let perSecond = 200
    private static let seconds = 20

    static func measure(programs: String) throws(BenchFailure) {
        let workspace = try Workspace(programs: programs)
        let hookPort = try Workspace.freePort()
        let daemon = try workspace.startDaemon(configuration: Notification.configuration(hookPort: hookPort))
        let count = perSecond * seconds
        let warmUp = perSecond
        let reader = try EventReader(workspace.eventsSocket, capacity: warmUp + count)
        defer { reader.stop() }
        let connection = try HTTPConnection(.port(hookPort))

        var starts = [Int64](repeating: 0, count: warmUp + count)
        var answers: [Int64] = []
        var refused = 0
        var delayed = 0
        var before = try ProcessUsage(of: daemon.id)
        let first = monotonicNanoseconds() + 10_000_000
        for number in 0..<(warmUp + count) {
            if number == warmUp { before = try ProcessUsage(of: daemon.id) }
            let due = first + Int64(number) * 1_000_000_000 / Int64(perSecond)
            let isLate = monotonicNanoseconds() > due
            sleep(untilNanoseconds: due)
            let target = Notification(number: number).target(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
            // One that had to wait for the answer to the one before counts from when it was due: a slow answer must
            // not hide the waiting behind it.
            let start = isLate ? due : monotonicNanoseconds()
            let status = try connection.get(target).status
            starts[number] = start
            guard number >= warmUp else { continue }
            answers.append(monotonicNanoseconds() - start)
            if isLate { delayed += 1 }
            if status != 200 { refused += 1 }
        }
        let after = try ProcessUsage(of: daemon.id)
        _ = wait(seconds: 10) { reader.count >= warmUp + count }
        let times = reader.times
        let latencies = (warmUp..<(warmUp + count)).filter { times[$0] > 0 }.map { times[$0] - starts[$0] }
        let events = Quantiles(latencies)
        let replies = Quantiles(answers)
        Report.section(
            "\(title), \(perSecond)/s for \(seconds) s",
            [
                .init("request to event read, p50", decimal(events.milliseconds(0.5), 2), "ms", target: "<= 2"),
                .init("request to event read, p99", decimal(events.milliseconds(0.99), 2), "ms", target: "<= 10"),
                .init("request to event read, max", decimal(events.milliseconds(1), 2), "ms"),
                .init("request to 200, p50", decimal(replies.milliseconds(0.5), 2), "ms"),
                .init("request to 200, p99", decimal(replies.milliseconds(0.99), 2), "ms"),
                .init("request to 200, max", decimal(replies.milliseconds(1), 2), "ms"),
                .init("events read of notifications sent", "\(events.count)/\(count)", "", target: "all"),
                .init("processor time of the daemon", decimal(after.load(since: before), 1), "% of a core"),
            ],
            remarks: [
                "\(delayed) requests waited for the reply before and count from when they were due; "
                    + "\(refused) were not answered 200",
                "threads: \(after.busiest(since: before))",
            ] + (reader.farewell.map { ["the reader was sent away: \($0)"] } ?? []))
        withExtendedLifetime(daemon) {}
    }
}
