import CallModel
import Glibc
import Logging
import Synchronization
import Testing

@testable import Fanout

struct StdoutServiceTests {
    /// A pipe, and the service that writes to it.
    private struct Running {
        let reader: TestReader
        let writeEnd: Int32
        let task: Task<Void, any Error>

        func stop() async throws -> Duration {
            let begin = ContinuousClock().now
            task.cancel()
            try await task.value
            return begin.duration(to: ContinuousClock().now)
        }
    }

    private func run(
        _ hub: StreamHub, bookmarkEvery: Span = .seconds(15), nonBlocking: Bool = false
    ) async -> Running {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        if nonBlocking { _ = fcntl(ends[1], F_SETFL, O_NONBLOCK) }
        let service = StdoutService(
            hub: hub, version: "1.0", descriptor: ends[1], bookmarkEvery: bookmarkEvery,
            stopGrace: .milliseconds(200), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let task = Task { try await service.run() }
        #expect(await eventually { hub.subscribers.list().map(\.socket) == ["stdout"] })
        return Running(reader: TestReader(descriptor: ends[0]), writeEnd: ends[1], task: task)
    }

    @Test(arguments: [false, true])
    func isAPlainReaderFromHelloToBye(nonBlocking: Bool) async throws {
        let known = CallData(state: .connected, direction: .outbound, basis: .reported, provider: ProviderWords())
        let hub = makeHub(head: 4, liveCalls: [(CallID(rawValue: "old"), paris, known)])
        let running = await run(hub, nonBlocking: nonBlocking)
        _ = running.reader.start()
        hub.publish(lines(5...7))
        #expect(try await eventually { try running.reader.lines().last?.seq == 7 })
        // Published at the last moment: still before the farewell.
        hub.publish(lines(8...9))
        _ = try await running.stop()
        close(running.writeEnd)
        #expect(await eventually { running.reader.isAtEnd })
        let read = try running.reader.lines()
        #expect(read.prefix(3).map(\.type) == ["stream.hello", "stream.snapshot", "stream.live"])
        #expect(read.compactMap(\.seq) == Array(5...9))
        #expect(read.last?.type == "stream.bye" && read.last?.data.reason == "shutdown")
        #expect(read.last?.data.cursor == "\(epoch):9")
        #expect(hub.subscribers.count == 0)
    }

    /// The daemon says that it is ready between `start` and `run`.
    @Test func whatComesAfterTheStartIsWrittenThoughItDoesNotRunYet() async throws {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let hub = makeHub()
        let service = StdoutService(
            hub: hub, version: "1.0", descriptor: ends[1],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        await service.start()
        hub.publish([line(1)])
        let reader = TestReader(descriptor: ends[0]).start()
        #expect(try await eventually { try reader.lines().last?.seq == 1 })
        let task = Task { try await service.run() }
        task.cancel()
        try await task.value
        close(ends[1])
    }

    /// As a file on a disk that is full for a while.
    @Test func goesOnWhenThereIsSpaceAgain() async throws {
        signal(SIGPIPE, SIG_IGN)
        let hub = makeHub()
        let output = open("/dev/full", O_WRONLY | O_CLOEXEC)
        let service = StdoutService(
            hub: hub, version: "1.0", descriptor: output, stopGrace: .milliseconds(200),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let task = Task { try await service.run() }
        // Refilled, written in vain: it waits, and is a reader still.
        #expect(await eventually { hub.subscribers.list().first.map { $0.pendingBytes > 0 } ?? false })
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        #expect(dup2(ends[1], output) == output)
        close(ends[1])
        hub.publish(lines(1...3))
        let reader = TestReader(descriptor: ends[0]).start()
        #expect(try await eventually { try reader.lines().last?.seq == 3 })
        #expect(try reader.lines().first?.type == "stream.hello")
        task.cancel()
        try await task.value
        close(output)
    }

    @Test func sendsBookmarksWhileIdle() async throws {
        let hub = makeHub(head: 3)
        let running = await run(hub, bookmarkEvery: .milliseconds(20))
        _ = running.reader.start()
        #expect(
            try await eventually {
                try running.reader.lines().filter { $0.data.cursor == "\(epoch):3" && $0.type == "stream.bookmark" }
                    .count > 2
            })
        _ = try await running.stop()
        close(running.writeEnd)
    }

    /// `ctibridged | head -1`.
    @Test func goesOnWithoutAReaderThatIsGone() async throws {
        let hub = makeHub()
        let running = await run(hub)
        running.reader.disconnect()
        // Noticed without anything to write.
        #expect(await eventually { hub.subscribers.count == 0 })
        hub.publish(lines(1...50))
        #expect(hub.head == 50)
        #expect(!running.task.isCancelled)
        #expect(try await running.stop() < .seconds(30), "a fraction of a second on an idle machine")
        close(running.writeEnd)
    }

    @Test func goesOnWithoutAReaderThatGoesWhileItIsBlocked() async throws {
        let hub = makeHub()
        let running = await run(hub)
        for seq in Int64(1)...2_000 { hub.publish([line(seq)]) }
        #expect(await eventually { hub.subscribers.list().first?.pendingBytes ?? 0 > 0 })
        running.reader.disconnect()
        #expect(await eventually { hub.subscribers.count == 0 })
        #expect(try await running.stop() < .seconds(30), "a fraction of a second on an idle machine")
        close(running.writeEnd)
    }

    /// A pager that is stopped, and goes on much later.
    @Test(arguments: [false, true])
    func tellsAReaderThatWasBlockedWhatItMissesAndGoesOn(nonBlocking: Bool) async throws {
        let hub = makeHub(limits: HubLimits(lines: 1_000))
        let running = await run(hub, nonBlocking: nonBlocking)
        for seq in Int64(1)...3_000 { hub.publish([line(seq)]) }
        #expect(await eventually { hub.subscribers.list().first?.pendingBytes ?? 0 > 0 })
        for seq in Int64(3_001)...4_000 { hub.publish([line(seq)]) }
        _ = running.reader.start()
        #expect(try await eventually { try running.reader.lines().last?.seq == 4_000 })
        _ = try await running.stop()
        close(running.writeEnd)
        #expect(await eventually { running.reader.isAtEnd })

        var next: Int64 = 1
        var gaps = 0
        for line in try running.reader.lines() {
            if let seq = line.seq {
                #expect(seq == next)
                next = seq + 1
            } else if line.type == "stream.gap" {
                gaps += 1
                #expect(line.data.from == next && line.data.reason == "slow")
                let to = try #require(line.data.to)
                #expect(line.data.count == to - next + 1)
                next = to + 1
            }
        }
        #expect(gaps > 0 && next == 4_001)
        #expect(try running.reader.lines().last?.type == "stream.bye")
    }

    @Test func theEndDoesNotWaitForAReaderThatIsBlocked() async throws {
        let hub = makeHub()
        let running = await run(hub)
        for seq in Int64(1)...2_000 { hub.publish([line(seq)]) }
        #expect(await eventually { hub.subscribers.list().first?.pendingBytes ?? 0 > 0 })
        #expect(try await running.stop() < .seconds(30), "a fraction of a second on an idle machine")
        #expect(await eventually { hub.subscribers.count == 0 })
        running.reader.disconnect()
        close(running.writeEnd)
    }

    @Test func aDescriptorThatIsClosedIsGivenUp() async throws {
        let hub = makeHub()
        let service = StdoutService(
            hub: hub, version: "1.0", descriptor: 1_000_000,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let task = Task { try await service.run() }
        hub.publish(lines(1...3))
        #expect(await eventually { hub.subscribers.count == 0 })
        task.cancel()
        try await task.value
    }

    @Test func aRegularFileTakesEverything() async throws {
        let directory = TestDirectory()
        let file = open(directory.path("out"), O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        let hub = makeHub()
        let service = StdoutService(
            hub: hub, version: "1.0", descriptor: file, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let task = Task { try await service.run() }
        #expect(await eventually { hub.subscribers.count == 1 })
        for start in stride(from: Int64(1), to: 2_000, by: 100) { hub.publish(lines(start...(start + 99))) }
        #expect(await eventually { hub.subscribers.list().first?.cursor == 2_000 })
        task.cancel()
        try await task.value
        lseek(file, 0, SEEK_SET)
        let reader = TestReader(descriptor: file).start()
        #expect(await eventually { reader.isAtEnd })
        #expect(try reader.lines().compactMap(\.seq) == Array(1...2_000))
        #expect(try reader.lines().last?.type == "stream.bye")
        reader.disconnect()
    }
}
