import CallModel
import CurlTransport
import Intake
import Logging
import Providers
import Synchronization
import Testing

/// Orders that wait for their turn at Keyyo.
@Suite(.timeLimit(.minutes(1))) struct KeyyoLineTests {
    private static let now = Timestamp(milliseconds: 1_795_253_400_000)

    /// Calls back each time somebody waits.
    private final class Waiting: Sendable {
        let happens = Mutex<(@Sendable () -> Void)?>(nil)
        /// By how much the clock was moved on.
        let passed = Mutex(Span.seconds(0))

        func surroundings() -> Surroundings {
            Surroundings(
                client: CurlClient(name: "tests/1"), sink: ScriptedSink(), now: { now },
                ticks: { [self] in now.advanced(by: passed.withLock { $0 }) },
                sleep: { [self] _ in happens.withLock { $0 }?() },
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        }
    }

    private func placer(_ url: String, _ surroundings: Surroundings, pace: KeyyoPace = KeyyoPace()) -> KeyyoPlacer {
        KeyyoPlacer(
            monitor: SourceMonitor(
                source: SourceName(provider: "keyyo", name: "desk"), pollers: 1, surroundings: surroundings),
            account: "33199000021", makecall: KeyyoMakecall(baseURL: url, account: "33199000021", password: nil),
            pace: pace, scrubber: SecretScrubber(secrets: []), surroundings: surroundings)
    }

    private func order(_ number: Int) -> PlacementOrder {
        PlacementOrder(call: CallID(rawValue: "c\(number)"), to: "0639980051")
    }

    private func accepting(_ body: (ScriptedProvider) async throws -> Void) async throws {
        try await ScriptedProvider.serve({ _ in .reply(status: 200, "OK") }, body)
    }

    /// A waiting that counts how often somebody waited.
    private func counting(_ waits: Counter) -> Waiting {
        let waiting = Waiting()
        waiting.happens.withLock { $0 = { waits.count.add(1, ordering: .relaxed) } }
        return waiting
    }

    private final class Counter: Sendable {
        let count = Atomic(0)
    }

    @Test func whoWaitsWhenTheLineIsChangedIsSentAway() async throws {
        try await accepting { provider in
            let waiting = Waiting()
            let placer = placer(provider.url, waiting.surroundings())
            #expect(await placer.place(order(1)).result == .accepted)
            waiting.happens.withLock { $0 = { placer.retire() } }
            let second = await placer.place(order(2))
            #expect(second == PlacedCall(.comeBackLater, CallID(rawValue: "c2"), isDurable: false))
            #expect(provider.targets.count == 1)
        }
    }

    /// Also where the source was changed in between, or is another one of the same account.
    @Test func anAccountHasOnePace() async throws {
        try await accepting { provider in
            let waits = Counter()
            let waiting = counting(waits)
            let pace = KeyyoPace()
            for number in 1...2 {
                let placer = placer(provider.url, waiting.surroundings(), pace: pace)
                #expect(await placer.place(order(number)).result == .accepted)
                #expect((waits.count.load(ordering: .relaxed) > 0) == (number == 2))
            }
        }
    }

    /// It comes to nothing where nobody says so.
    @Test func whoWaitsIsPlacedInTheEnd() async throws {
        try await accepting { provider in
            let waits = Counter()
            let waiting = counting(waits)
            let placer = placer(provider.url, waiting.surroundings())
            for number in 1...3 { #expect(await placer.place(order(number)).result == .accepted) }
            #expect(provider.targets.count == 3)
            // By a clock that stands still: one second, then two, in looks of a fifth.
            #expect(waits.count.load(ordering: .relaxed) >= 5 + 10)
        }
    }

    /// What is not written down as asked for, nobody is asked for.
    @Test func nobodyIsAskedForWhatCannotBeWrittenDown() async throws {
        try await accepting { provider in
            let placer = placer(provider.url, Waiting().surroundings())
            let placed = await placer.place(order(1)) { _ in false }
            #expect(placed.result == .comeBackLater && provider.targets.isEmpty)
            #expect(!placer.isRetired)
            let next = await placer.place(order(2)) { _ in
                placer.retire()
                return true
            }
            #expect(next.result == .comeBackLater && provider.targets.isEmpty)
            #expect(placer.isRetired)
        }
    }

    /// The disk keeps the first waiting: nobody passes him, and nobody's phone rings at the same moment as his.
    @Test func aSlowDiskLetsNobodyPass() async throws {
        try await accepting { provider in
            let waits = Counter()
            let waiting = counting(waits)
            let placer = placer(provider.url, waiting.surroundings())
            let (reached, reach) = AsyncStream<Void>.makeStream()
            let (goesOn, goOn) = AsyncStream<Void>.makeStream()
            async let first = placer.place(order(1)) { _ in
                reach.finish()
                for await _ in goesOn {}
                return true
            }
            for await _ in reached {}
            let noted = Atomic(false)
            let before = waits.count.load(ordering: .relaxed)
            async let second = placer.place(order(2)) { _ in
                noted.store(true, ordering: .relaxed)
                return true
            }
            while waits.count.load(ordering: .relaxed) < before + 20 { await Task.yield() }
            #expect(!noted.load(ordering: .relaxed) && provider.targets.isEmpty)
            waiting.passed.withLock { $0 = .seconds(4) }
            goOn.finish()
            let placed = await (first, second)
            #expect(placed.0.result == .accepted && placed.1.result == .accepted)
            #expect(provider.targets.map { $0.contains("0639980051") } == [true, true])
        }
    }

    /// While it was written down, another source of the account had its turn.
    @Test func aTurnThatPassedIsTakenAgain() async throws {
        try await accepting { provider in
            let waits = Counter()
            let waiting = counting(waits)
            let pace = KeyyoPace()
            let placer = placer(provider.url, waiting.surroundings(), pace: pace)
            let other = self.placer(provider.url, waiting.surroundings(), pace: pace)
            let placed = await placer.place(order(1)) { _ in
                waiting.passed.withLock { $0 = .seconds(4) }
                #expect(await other.place(self.order(2)).result == .accepted)
                #expect(waits.count.load(ordering: .relaxed) == 0)
                return true
            }
            #expect(placed.result == .accepted)
            #expect(waits.count.load(ordering: .relaxed) > 0)
        }
    }

    /// An order that was told to come back waits again: nothing rings.
    @Test func eachStageIsWrittenDown() async throws {
        let asked = Atomic(0)
        try await ScriptedProvider.serve { _ in
            asked.add(1, ordering: .relaxed).newValue < 2
                ? .reply(status: 500, "Come Back Later") : .reply(status: 200, "OK")
        } _: { provider in
            let stages = Mutex<[OrderStage]>([])
            let placed = await placer(provider.url, Waiting().surroundings()).place(order(1)) { stage in
                // Before the request, not after it.
                #expect(provider.targets.count == asked.load(ordering: .relaxed))
                stages.withLock { $0.append(stage) }
                return true
            }
            #expect(placed.result == .accepted)
            #expect(stages.withLock { $0 } == [.asking, .waiting, .asking])
        }
    }

    /// An explicit no, and therefore safe to ask again.
    @Test func comeBackLaterIsAskedAgain() async throws {
        let asked = Atomic(0)
        try await ScriptedProvider.serve { _ in
            asked.add(1, ordering: .relaxed).newValue < 3
                ? .reply(status: 500, "Come Back Later") : .reply(status: 200, "OK")
        } _: { provider in
            let placer = placer(provider.url, Waiting().surroundings())
            #expect(await placer.place(order(1)).result == .accepted)
            #expect(provider.targets.count == 3)
        }
    }
}
