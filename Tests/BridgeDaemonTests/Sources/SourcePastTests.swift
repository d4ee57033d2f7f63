import CallModel
import Intake
import Logging
import Providers
import Synchronization
import Testing

@testable import BridgeDaemon

/// From when on a poller that takes the place of another has to tell a gap.
struct SourcePastTests {
    private final class Journal: HTTPClient, DeliverySink {
        private let kept = Mutex<[(delivery: Delivery, cursor: PollCursor?)]>([])
        private let isStopping: Bool

        init(isStopping: Bool = false) {
            self.isStopping = isStopping
        }

        func execute(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPReply { HTTPReply(status: 500) }

        func submit(_ delivery: Delivery, cursor: PollCursor?) async throws(IntakeRejection) -> DeliveryReceipt {
            if isStopping { throw .stopping }
            kept.withLock { $0.append((delivery, cursor)) }
            return DeliveryReceipt()
        }

        /// What is said of the source, and whose cursors are forgotten, in order.
        var told: [String] {
            kept.withLock(\.self).compactMap { delivery, cursor in
                if let cursor { return cursor == .forgotten(cursor.slot) ? "forgotten \(cursor.slot)" : nil }
                return delivery.attributes["change"].map { "\($0) \(delivery.attributes["reason"] ?? "")" }
            }
        }
    }

    private static let start = Timestamp(milliseconds: 1_767_603_600_000)

    private func time(_ seconds: Int64) -> Timestamp { Self.start.advanced(by: .seconds(seconds)) }

    private func context(
        cursors: [PollCursor] = [], lastAlive: Timestamp? = nil, _ left: [[String: PollMemory]] = [],
        journal: Journal = Journal(isStopping: true)
    ) -> SourceContext {
        var past = SourcePast()
        for left in left { past.add(left) }
        return SourceContext(
            name: SourceName(provider: "ovh", name: "paris"), numbers: NumberPlan(country: "FR"),
            surroundings: Surroundings(
                client: journal, sink: journal, now: { Self.start }, ticks: { Self.start },
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }),
            cursors: cursors, lastAlive: lastAlive, past: past, hooksStayedOpen: false, board: CallBoard(),
            memory: SourceMemory(), hookURL: nil)
    }

    private func memory(_ context: SourceContext, _ slot: String, among slots: [String], v2: Bool = false) -> PollMemory
    {
        context.memory(ofPoller: slot, among: slots, losesWhatIsCut: v2)
    }

    @Test func aNewSourceHasMissedNothing() {
        #expect(memory(context(lastAlive: time(0)), "a", among: ["a"]) == PollMemory())
    }

    @Test func aPollerThatStaysTakesUpWhatItsLastSelfLeft() {
        let known = PollMemory(heard: time(5)).losing("cut", at: time(5))
        let before = context(
            cursors: [PollCursor(slot: "a", value: "s", arrived: time(1))], lastAlive: time(2), [["a": known]])
        #expect(memory(before, "a", among: ["a", "b"]) == known)
    }

    /// The end of a run cuts a poll of version 2; version 1 is asked again from the same place.
    @Test func afterARestart() {
        let before = context(cursors: [PollCursor(slot: "a", value: "s", arrived: time(1))], lastAlive: time(2))
        #expect(memory(before, "a", among: ["a"]) == PollMemory(heard: time(2)))
        let cut = memory(before, "a", among: ["a"], v2: true)
        #expect(cut.loss == .init(since: time(1), reason: LongPoller.cut))
    }

    @Test func aTokenInThePlaceOfAnotherIsAGapFromWhatThatHeardLast() {
        let left = ["a": PollMemory(heard: time(5)), "b": PollMemory(heard: time(7))]
        #expect(memory(context([left]), "c", among: ["a", "c"]).loss?.since == time(7))
        #expect(memory(context([left]), "c", among: ["b", "c"]).loss?.since == time(5))
        // It was added.
        #expect(memory(context([left]), "c", among: ["a", "b", "c"]) == PollMemory())
    }

    @Test func theSecondChangeIsAGapFromTheSecondChange() {
        let left = [["a": PollMemory(heard: time(5))], ["b": PollMemory(heard: time(60))]]
        #expect(memory(context(left), "c", among: ["c"], v2: true).loss?.since == time(60))
    }

    /// Nothing was delivered yet, so there is no cursor; or nothing was even answered.
    @Test func whatNeverBroughtAnEventIsContinuedToo() {
        #expect(
            memory(context([["a": PollMemory(heard: time(5))]]), "b", among: ["b"], v2: true).loss?.since == time(5))
        let asked = PollMemory().losing("never answered", at: time(3))
        #expect(memory(context([["a": asked]]), "b", among: ["b"]).loss?.since == time(3))
        // The self between them heard nothing.
        #expect(memory(context([["a": asked], [:]]), "b", among: ["b"]).loss?.since == time(3))
    }

    /// What it missed before it ended, however often it was started since.
    @Test func afterARestartInTheMiddleOfAnOutage() {
        let missed = PollMemory(heard: time(1))
        let before = context(
            cursors: [PollCursor(slot: "a", value: "s", memory: missed, arrived: time(2))], lastAlive: time(9))
        #expect(memory(before, "a", among: ["a"]) == missed)
        let cut = memory(before, "a", among: ["a"], v2: true)
        #expect(cut.heard == time(1) && cut.loss == .init(since: time(1), reason: LongPoller.cut))
        let lost = missed.losing("unreadable", at: time(1))
        let unread = context(
            cursors: [PollCursor(slot: "a", value: "s", memory: lost, arrived: time(2))], lastAlive: time(9))
        #expect(memory(unread, "a", among: ["a"], v2: true) == lost)
        #expect(memory(unread, "b", among: ["b"]).loss?.since == time(1))
    }

    /// A token was added and taken away again: what the poller of before the first change left is long told.
    @Test func aPollerForAllTokensContinuesTheOneBeforeIt() {
        let left = [["ab": PollMemory(heard: time(5))], ["abc": PollMemory(heard: time(60))]]
        let again = memory(context(left), "ab", among: ["ab"], v2: true)
        #expect(again.loss == .init(since: time(60), reason: LongPoller.cut))
        // One of its own token was not polled meanwhile.
        let alone = [
            ["a": PollMemory(heard: time(5)), "b": PollMemory(heard: time(5))], ["a": PollMemory(heard: time(60))],
        ]
        #expect(memory(context(alone), "b", among: ["a", "b"]) == PollMemory(heard: time(5)))
    }

    /// Settles with pollers of the slots that have the memories.
    private func settle(_ context: SourceContext, _ pollers: [String: PollMemory]) async {
        let monitor = SourceMonitor(source: context.name, pollers: 1, surroundings: context.surroundings)
        let pollers = pollers.map { slot, memory in
            LongPoller(
                monitor: monitor,
                conversation: OVHSession(
                    version: .v1, baseURL: "http://127.0.0.1:1", tokens: [Redacted("token")], slot: slot),
                machine: PollStateMachine(memory: memory), scrubber: SecretScrubber(secrets: []),
                surroundings: context.surroundings)
        }
        await context.settle(pollers, telling: monitor)
    }

    /// Nobody else knows of it any more.
    @Test func whatAPollerThatIsGoneHadMissedIsToldBeforeItIsForgotten() async {
        let lost = PollMemory(heard: time(-9)).losing("unreadable", at: time(-5))
        let cursors = [
            PollCursor(slot: "a", value: "s", arrived: time(-9)),
            PollCursor(slot: "b", value: "s", memory: lost, arrived: time(-9)),
        ]
        let heard = PollMemory(heard: time(-1))
        for left in [[], [["a": heard, "b": lost]]] {
            let journal = Journal()
            await settle(context(cursors: cursors, lastAlive: time(-1), left, journal: journal), ["a": heard])
            #expect(journal.told == ["gap unreadable", "forgotten b"])
        }
        // What it told in this run, before it went, is not told again.
        let paid = Journal()
        await settle(context(cursors: cursors, [["a": heard, "b": heard]], journal: paid), ["a": heard])
        #expect(paid.told == ["forgotten b"])
        // Another tells it with its own.
        let taken = Journal()
        await settle(context(cursors: cursors, journal: taken), ["a": heard, "c": lost])
        #expect(taken.told == ["forgotten b"])
        // Later than its own began.
        let other = Journal()
        let later = PollMemory(heard: time(-2)).losing("cut", at: time(-2))
        await settle(context(cursors: cursors, journal: other), ["a": later])
        #expect(other.told == ["gap unreadable", "forgotten b"])
        // What is still polled is not gone.
        let none = Journal()
        await settle(context(cursors: cursors, journal: none), ["a": heard, "b": lost])
        #expect(none.told == [])
    }

    @Test func aTokenThatWasChangedWhileTheDaemonWasDown() {
        let cursors = [
            PollCursor(slot: "a", value: "s", arrived: time(1)), PollCursor(slot: "b", value: "s", arrived: time(4)),
        ]
        let before = context(cursors: cursors, lastAlive: time(9))
        #expect(memory(before, "c", among: ["c"]).loss?.since == time(9))
        #expect(memory(before, "c", among: ["c"], v2: true).loss?.since == time(1))
        #expect(memory(before, "c", among: ["a", "b", "c"]) == PollMemory())
    }
}
