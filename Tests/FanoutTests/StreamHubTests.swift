import CallModel
import Fanout
import NIOCore
import Synchronization
import Testing

struct StreamHubTests {
    private func seqs(_ page: HubPage) -> [Int64]? {
        guard case .lines(let lines) = page else { return nil }
        return lines.map(\.seq)
    }

    private func isNone(_ page: HubPage) -> Bool {
        if case .none = page { true } else { false }
    }

    private func isTooOld(_ page: HubPage) -> Bool {
        if case .tooOld = page { true } else { false }
    }

    @Test func givesTheLinesAfterACursor() {
        let hub = makeHub(head: 10)
        #expect(isNone(hub.lines(after: 10, limit: 5)))
        hub.publish(lines(11...15))
        #expect(hub.head == 15)
        #expect(seqs(hub.lines(after: 10, limit: 3)) == [11, 12, 13])
        #expect(seqs(hub.lines(after: 13, limit: 30)) == [14, 15])
        #expect(isNone(hub.lines(after: 15, limit: 5)))
        #expect(isNone(hub.lines(after: 99, limit: 5)))
        #expect(isTooOld(hub.lines(after: 9, limit: 5)))
    }

    @Test func keepsNoMoreLinesThanAllowed() {
        let hub = makeHub(limits: HubLimits(lines: 4))
        hub.publish(lines(1...9))
        #expect(hub.extent == RingExtent(oldest: 6, head: 9))
        #expect(isTooOld(hub.lines(after: 4, limit: 5)))
        #expect(seqs(hub.lines(after: 5, limit: 9)) == [6, 7, 8, 9])
    }

    @Test func keepsNoMoreBytesThanAllowedButAlwaysTheLastLine() {
        let hub = makeHub(limits: HubLimits(lines: 1_000, bytes: 1))
        hub.publish(lines(1...9))
        #expect(hub.extent == RingExtent(oldest: 9, head: 9))
        let wide = makeHub(limits: HubLimits(lines: 100_000, bytes: 1 << 20))
        for seq in Int64(1)...3_000 { wide.publish([line(seq)]) }
        let held = wide.extent.head - wide.extent.oldest + 1
        #expect(held > 100 && held < 3_000)
        #expect(seqs(wide.lines(after: wide.extent.oldest - 1, limit: 100_000))?.count == Int(held))
    }

    @Test func aRepeatIsDroppedAndAHoleSendsReadersToTheJournal() {
        let hub = makeHub(head: 5)
        hub.publish(lines(6...8))
        hub.publish(lines(7...9))
        #expect(seqs(hub.lines(after: 5, limit: 9)) == [6, 7, 8, 9])
        hub.publish([line(20)])
        #expect(hub.extent == RingExtent(oldest: 20, head: 20))
        #expect(isTooOld(hub.lines(after: 9, limit: 5)))
    }

    @Test func theSnapshotHasTheCallsThatHaveNotEndedInTheOrderTheyCame() {
        let known = CallData(state: .connected, direction: .outbound, basis: .reported, provider: ProviderWords())
        let hub = makeHub(liveCalls: [(CallID(rawValue: "old"), paris, known)])
        hub.publish([
            line(1, call: "a"), line(2, call: "b"), line(3, call: "a", state: .connected),
            line(4, call: "b", state: .ended), line(5, call: "c"),
            line(6, call: "b", state: .ended, type: .callSummary),
            line(7, call: "b", state: .ended, type: .callUpdated),
        ])
        let snapshot = hub.snapshot()
        #expect(snapshot.head == 7)
        #expect(snapshot.calls.map(\.id.rawValue) == ["old", "a", "c"])
        #expect(snapshot.calls.map(\.data.state) == [.connected, .connected, .ringing])
        #expect(snapshot.calls.map(\.source) == [paris, paris, paris])
    }

    @Test func encodesOnceForAllReadersAndMasksWhereAsked() throws {
        let hub = makeHub()
        hub.require(.clear)
        hub.publish(lines(1...2))
        guard case .lines(let clear, let through) = hub.encodedLines(after: 0, maximumBytes: 1, numbers: .clear),
            case .lines(let again, _) = hub.encodedLines(after: 0, maximumBytes: 1, numbers: .clear),
            case .lines(let masked, let maskedThrough) = hub.encodedLines(
                after: 0, maximumBytes: 1 << 20, numbers: .masked
            )
        else {
            Issue.record("expected lines")
            return
        }
        // At least one, however little room.
        #expect(clear.count == 1 && through == 1)
        #expect(masked.count == 2 && maskedThrough == 2)
        #expect(String(buffer: clear[0]).contains("+33639980001"))
        #expect(!String(buffer: masked[0]).contains("39980001") && !String(buffer: masked[0]).contains("Jeanne"))
        let address = clear[0].withUnsafeReadableBytes { $0.baseAddress }
        #expect(again[0].withUnsafeReadableBytes { $0.baseAddress } == address)
    }

    @Test func aLineWhoseEventIsNotAtHandIsNeverShownInClearToAMaskedReader() {
        let hub = makeHub()
        let full = line(1)
        hub.publish([StreamLine(seq: 1, event: nil, type: full.type, bytes: full.bytes)])
        guard case .lines(let masked, let through) = hub.encodedLines(after: 0, maximumBytes: 9, numbers: .masked)
        else {
            Issue.record("expected lines")
            return
        }
        #expect(masked.isEmpty && through == 1)
    }

    /// Readers that join while lines are published see every event once: in their snapshot or after it.
    @Test func snapshotAndLinesJoinWithoutHoleOrRepeatWhilePublishing() async {
        let hub = makeHub()
        let last: Int64 = 6_000
        // Call n rings at 2n + 1 and ends at 2n + 2 + 2 * 5, hence five or six are live at any time.
        let script: [StreamLine] = (1...last).map { seq in
            if seq % 2 == 1 { return line(seq, call: "call-\((seq - 1) / 2)") }
            return line(seq, call: "call-\((seq - 12) / 2)", state: .ended)
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                var index = 0
                while index < script.count {
                    let end = min(script.count, index + 1 + index % 7)
                    hub.publish(Array(script[index..<end]))
                    index = end
                    if index % 11 == 0 { await Task.yield() }
                }
            }
            for _ in 0..<4 {
                group.addTask {
                    while true {
                        let snapshot = hub.snapshot()
                        var expected: [String] = []
                        for event in script.prefix(Int(snapshot.head)).suffix(40) {
                            guard let draft = event.event?.draft, case .call(let data) = draft.data else { continue }
                            if data.state == .ended {
                                expected.removeAll { $0 == draft.subject }
                            } else {
                                expected.append(draft.subject)
                            }
                        }
                        #expect(snapshot.calls.map(\.id.rawValue) == expected)
                        #expect(snapshot.calls.count <= 6)
                        var cursor = snapshot.head
                        for _ in 0..<20 {
                            await hub.waitForMore(after: cursor, atMost: .milliseconds(cursor == last ? 0 : 5_000))
                            guard case .lines(let lines) = hub.lines(after: cursor, limit: 50) else { break }
                            for line in lines {
                                #expect(line.seq == cursor + 1)
                                cursor = line.seq
                            }
                        }
                        if snapshot.head == last { return }
                    }
                }
            }
        }
        #expect(hub.head == last)
    }

    @Test func waitingReturnsAtOnceWhereThereIsMore() async {
        let hub = makeHub(head: 3)
        await hub.waitForMore(after: 2)
    }

    @Test func waitingEndsWithAPublication() async {
        let hub = makeHub()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 { group.addTask { await hub.waitForMore(after: 0) } }
            group.addTask { hub.publish([line(1)]) }
        }
    }

    @Test func waitingEndsWithCancellationWheneverItComes() async {
        let hub = makeHub()
        for _ in 0..<500 {
            let task = Task { await hub.waitForMore(after: 0) }
            if Bool.random() { await Task.yield() }
            task.cancel()
            await task.value
        }
    }

    @Test func waitingEndsAfterItsLimit() async {
        let hub = makeHub()
        await hub.waitForMore(after: 0, atMost: .milliseconds(5))
        #expect(hub.head == 0)
    }

    @Test func observersAreWokenUntilTheyStop() {
        let hub = makeHub()
        let count = Mutex(0)
        let token = hub.observe { count.withLock { $0 += 1 } }
        hub.publish(lines(1...3))
        hub.publish([])
        hub.stopObserving(token)
        hub.publish([line(4)])
        #expect(count.withLock { $0 } == 1)
    }
}
