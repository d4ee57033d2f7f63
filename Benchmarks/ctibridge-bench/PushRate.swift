internal import Foundation
internal import Synchronization

/// How many notifications a second are acknowledged, each of them durable, and whether every one of them was read.
enum PushRate {
    static let title = "Highest rate, durable, 16 keep-alive connections"
    private static let connections = 16
    private static let seconds = 5.0
    /// A connection's notifications have numbers of their own; no connection gets further than this in the time.
    private static let numbersPerConnection = 60_000

    private struct Tally {
        var acknowledged: [Int] = []
        var refused: [Int: Int] = [:]
        var answers: [Int64] = []
        var failure: BenchFailure?
    }

    static func measure(programs: String) throws(BenchFailure) {
        let workspace = try Workspace(programs: programs)
        let hookPort = try Workspace.freePort()
        let daemon = try workspace.startDaemon(configuration: Notification.configuration(hookPort: hookPort))
        let reader = try EventReader(workspace.eventsSocket, capacity: connections * numbersPerConnection)
        defer { reader.stop() }
        let before = try ProcessUsage(of: daemon.id)
        let start = monotonicNanoseconds()
        let end = start + Int64(seconds * 1_000_000_000)
        let result = push(to: .port(hookPort), until: end)
        let elapsed = Double(monotonicNanoseconds() - start) / 1_000_000_000
        let after = try ProcessUsage(of: daemon.id)
        if let failure = result.failure { throw failure }
        _ = wait(seconds: 10) { reader.count >= result.acknowledged.count || reader.farewell != nil }
        let times = reader.times
        let lost = result.acknowledged.count { times[$0] == 0 }
        let replies = Quantiles(result.answers)
        Report.section(
            "\(title), \(Int(seconds)) s",
            [
                .init("acknowledged", decimal(Double(result.acknowledged.count) / elapsed, 0), "1/s"),
                .init("request to 200, p50", decimal(replies.milliseconds(0.5), 2), "ms"),
                .init("request to 200, p99", decimal(replies.milliseconds(0.99), 2), "ms"),
                .init("acknowledged, never read", "\(lost)/\(result.acknowledged.count)", "", target: "none"),
                .init("read twice", "\(reader.repeated)", "", target: "none"),
                .init("processor time of the daemon", decimal(after.load(since: before), 0), "% of a core"),
            ],
            remarks: [
                "sender and reader run on the same cores and take their share",
                "threads: \(after.busiest(since: before))",
            ]
                + result.refused.sorted { $0.key < $1.key }.map { "\($0.value) were answered \($0.key)" }
                + (reader.farewell.map { ["the reader was sent away: \($0)"] } ?? []))
        withExtendedLifetime(daemon) {}
    }

    /// Returns when all connections are done.
    private static func push(to place: Place, until end: Int64) -> Tally {
        let shared = SharedTally()
        let workers = (0..<connections).map { index in
            Worker.start {
                let result = pushAlone(to: place, from: index * numbersPerConnection, until: end)
                shared.value.withLock { sum in
                    sum.acknowledged += result.acknowledged
                    sum.answers += result.answers
                    sum.refused.merge(result.refused, uniquingKeysWith: +)
                    sum.failure = sum.failure ?? result.failure
                }
            }
        }
        for worker in workers { worker.join() }
        return shared.value.withLock { $0 }
    }

    private static func pushAlone(to place: Place, from first: Int, until end: Int64) -> Tally {
        var tally = Tally()
        do throws(BenchFailure) {
            let connection = try HTTPConnection(place)
            for number in first..<(first + numbersPerConnection) {
                let start = monotonicNanoseconds()
                guard start < end else { break }
                let now = Int64(Date().timeIntervalSince1970 * 1_000)
                let status = try connection.get(Notification(number: number).target(milliseconds: now)).status
                tally.answers.append(monotonicNanoseconds() - start)
                if status == 200 { tally.acknowledged.append(number) } else { tally.refused[status, default: 0] += 1 }
            }
        } catch {
            tally.failure = error
        }
        return tally
    }

    private final class SharedTally: Sendable {
        let value = Mutex(Tally())
    }
}
