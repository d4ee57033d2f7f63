import CallModel
import Glibc
import LogCapture
import Testing

@testable import Fanout

/// When the log speaks of standard output.
struct StdoutTroubleTests {
    private func at(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1_000) }

    @Test func aStallIsToldOnceAndItsEndOnce() {
        var trouble = StdoutTrouble(patience: .seconds(5), taken: 3)
        #expect(trouble.due == nil)
        #expect(trouble.waited(now: at(10)) == .none)
        #expect(trouble.due == at(15))
        #expect(trouble.waited(now: at(14)) == .none)
        #expect(trouble.waited(now: at(15)) == .tell(.stalled, after: 3))
        #expect(trouble.due == nil)
        #expect(trouble.waited(now: at(90)) == .none)
        trouble.wrote()
        trouble.tookAll(through: 9)
        #expect(trouble.left(out: 20) == .none && trouble.left(out: 1) == .none)
        trouble.tookAll(through: 40)
        #expect(trouble.caughtUp() == .tellEnd(after: 3, leftOut: 21))
        #expect(trouble.caughtUp() == .none)
        // The next one is another one.
        #expect(trouble.wasFull() == .tell(.full, after: 40))
        #expect(trouble.caughtUp() == .tellEnd(after: 40, leftOut: 0))
    }

    @Test func whatIsTakenNowAndThenIsNoStall() {
        var trouble = StdoutTrouble(patience: .seconds(5), taken: 0)
        for second in stride(from: Int64(0), to: 60, by: 4) {
            #expect(trouble.waited(now: at(second)) == .none)
            trouble.wrote()
        }
        #expect(trouble.caughtUp() == .none)
    }

    @Test func whoReadsTooSlowlyIsToldOf() {
        var trouble = StdoutTrouble(patience: .seconds(5), taken: 0)
        trouble.tookAll(through: 7)
        #expect(trouble.left(out: 4) == .tell(.slow, after: 7))
        #expect(trouble.left(out: 4) == .none)
        #expect(trouble.caughtUp() == .tellEnd(after: 7, leftOut: 8))
    }

    /// A pager that is stopped for a while.
    @Test func theLogSaysSo() async throws {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let hub = makeHub(limits: HubLimits(lines: 1_000))
        let log = CapturedLog()
        let service = StdoutService(
            hub: hub, version: "1.0", descriptor: ends[1], stopGrace: .milliseconds(200), patience: .milliseconds(50),
            logger: log.logger)
        let task = Task { try await service.run() }
        #expect(await eventually { hub.subscribers.count == 1 })
        for seq in Int64(1)...4_000 { hub.publish([line(seq)]) }
        #expect(await eventually { log.text.contains("warning stdout does not take the stream") }, "\(log.text)")
        #expect(!log.text.contains("takes the stream again"))
        let reader = TestReader(descriptor: ends[0]).start()
        #expect(await eventually { log.text.contains("notice stdout takes the stream again") }, "\(log.text)")
        #expect(try reader.lines().last?.seq == 4_000)
        let missing = 4_000 - (try reader.lines().compactMap(\.seq).count)
        #expect(missing > 0 && log.text.contains("\"left_out\": \(missing)"), "\(log.text)")
        task.cancel()
        try await task.value
        close(ends[1])
    }
}
