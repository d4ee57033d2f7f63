import CallModel
import Glibc
import Testing

@testable import Fanout

@Suite(.timeLimit(.minutes(2))) struct EventSocketServiceTests {
    private let place = SocketPlace()
    private var path: String { place.path }

    @Test func greetsThenSendsWhatIsPublished() async throws {
        let known = CallData(state: .connected, direction: .outbound, basis: .reported, provider: ProviderWords())
        let hub = makeHub(head: 4, liveCalls: [(CallID(rawValue: "old"), paris, known)])
        try await place.serving(hub) { _ in
            let reader = try TestReader.connect(path).start()
            #expect(try await eventually { try reader.lines().count == 3 })
            hub.publish(lines(5...7))
            #expect(try await eventually { try reader.lines().count == 6 })
            let read = try reader.lines()
            #expect(
                read.map(\.type) == [
                    "stream.hello", "stream.snapshot", "stream.live", "call.ringing", "call.ringing", "call.ringing",
                ]
            )
            #expect(read[0].data.head == 4 && read[0].data.oldest == 1 && read[0].data.version == "1.0")
            #expect(read[1].subject == "old" && read[2].data.cursor == "\(epoch):4")
            #expect(read.compactMap(\.seq) == [5, 6, 7])
            #expect(Set(read.map(\.id)).count == 6)
        }
    }

    @Test func listsItsReadersWithTheirPeers() async throws {
        let hub = makeHub()
        try await place.serving(hub) { _ in
            let reader = try TestReader.connect(path).start()
            hub.publish(lines(1...3))
            #expect(await eventually { hub.subscribers.list().first?.cursor == 3 })
            let listed = try #require(hub.subscribers.list().first)
            #expect(listed.socket == path && listed.numbers == .clear)
            #expect(listed.peer == PeerCredentials(uid: getuid(), gid: getgid(), pid: getpid()))
            #expect(await eventually { hub.subscribers.list().first?.sentLines ?? 0 >= 2 })
            _ = reader
        }
        #expect(hub.subscribers.count == 0)
    }

    @Test func sendsBookmarksAlsoBeforeTheFirstEvent() async throws {
        let hub = makeHub(head: 9)
        let limits = EventSocketLimits(policy: .init(bookmarkEvery: .milliseconds(20)))
        try await place.serving(hub, limits: limits) { _ in
            let reader = try TestReader.connect(path).start()
            #expect(try await eventually { try reader.lines().filter { $0.type == "stream.bookmark" }.count >= 3 })
            #expect(try reader.lines().last { $0.type == "stream.bookmark" }?.data.cursor == "\(epoch):9")
        }
    }

    @Test func aMaskedSocketShowsNoNumberAndNoName() async throws {
        let hub = makeHub()
        hub.publish([line(1)])
        try await place.serving(hub, [place.socket(), place.socket("masked.sock", numbers: .masked)]) { _ in
            let clear = try TestReader.connect(path).start()
            let masked = try TestReader.connect(place.directory.path("masked.sock")).start()
            #expect(try await eventually { try masked.lines().count == 3 && clear.lines().count == 3 })
            hub.publish([line(2, state: .connected)])
            #expect(try await eventually { try masked.lines().count == 4 && clear.lines().count == 4 })
            #expect(String(decoding: clear.bytes, as: UTF8.self).contains("+33639980001"))
            #expect(!String(decoding: masked.bytes, as: UTF8.self).contains("39980001"))
            #expect(!String(decoding: masked.bytes, as: UTF8.self).contains("Jeanne"))
            #expect(try masked.lines()[0].data.numbers == "masked")
            #expect(try masked.lines().compactMap(\.seq) == [2])
        }
    }

    /// One reader never reads: the others get everything, it costs little, and it is cut after a whole line.
    @Test func aSlowReaderIsCutAndSlowsNobody() async throws {
        let hub = makeHub(limits: HubLimits(lines: 200))
        try await place.serving(hub) { _ in
            let slow = try TestReader.connect(path)
            #expect(await eventually { hub.subscribers.count == 1 })
            let quick = try TestReader.connect(path).start()
            #expect(await eventually { hub.subscribers.count == 2 })
            let last: Int64 = 3_000
            for start in stride(from: Int64(1), through: last, by: 50) {
                hub.publish(lines(start...(start + 49)))
                // Only the slow one may lose events: the other must have these before the next come.
                #expect(await eventually { hub.subscribers.list().contains { $0.cursor == start + 49 } })
                let pending = hub.subscribers.list().map(\.pendingBytes).max() ?? 0
                #expect(pending < 160 << 10, "about what the limits allow, whatever was published")
            }
            #expect(try await eventually { try quick.lines().last?.seq == last })
            #expect(try quick.lines().compactMap(\.seq) == Array(1...last))

            // It is still connected, and has its farewell before it.
            #expect(hub.subscribers.count == 2)
            _ = slow.start()
            #expect(await eventually { slow.isAtEnd })
            #expect(slow.bytes.last == UInt8(ascii: "\n"))
            let read = try slow.lines()
            let seqs = read.compactMap(\.seq)
            let seen = try #require(seqs.last)
            #expect(seqs == Array(1...seen))
            #expect(seen < last)
            #expect(read.suffix(2).map(\.type) == ["stream.gap", "stream.bye"])
            let gap = read[read.count - 2].data
            #expect(gap.from == seen + 1 && gap.reason == "slow")
            #expect(try #require(gap.to) >= seen + 200 && gap.count == (gap.to ?? 0) - seen)
            #expect(read.last?.data.reason == "slow" && read.last?.data.cursor == "\(epoch):\(seen)")
            #expect(await eventually { hub.subscribers.count == 1 })
        }
    }

    @Test func aReaderThatWasCutAndNeverReadsIsClosedAfterTheGrace() async throws {
        let hub = makeHub(limits: HubLimits(lines: 10))
        try await place.serving(hub, limits: EventSocketLimits(policy: .init(grace: .milliseconds(30)))) { _ in
            let slow = try TestReader.connect(path)
            await cut(slow, of: hub)
            #expect(await eventually { hub.subscribers.count == 0 })
            slow.disconnect()
        }
    }

    /// Publishes until a reader that does not read blocks, then until what it has not taken is held no longer.
    private func cut(_ reader: TestReader, of hub: StreamHub) async {
        #expect(await eventually { hub.subscribers.count == 1 })
        var head: Int64 = 0
        while hub.subscribers.list().first?.pendingBytes == 0, head < 2_000 {
            head += 5
            hub.publish(lines((head - 4)...head))
            #expect(
                await eventually { hub.subscribers.list().allSatisfy { $0.cursor == head || $0.pendingBytes > 0 } })
        }
        #expect(hub.subscribers.list().first?.pendingBytes ?? 0 > 0)
        hub.publish(lines((head + 1)...(head + 1_000)))
    }

    @Test func aReaderThatWasCutIsListedSoAndLeavesItsPlaceToAnother() async throws {
        let hub = makeHub(limits: HubLimits(lines: 10))
        try await place.serving(hub, limits: EventSocketLimits(readers: 1)) { _ in
            let slow = try TestReader.connect(path)
            await cut(slow, of: hub)
            #expect(await eventually { hub.subscribers.list().first?.leaving == .slow })
            let first = hub.subscribers.list().first?.id
            let next = try TestReader.connect(path).start()
            #expect(try await eventually { try next.lines().first?.type == "stream.hello" })
            #expect(hub.subscribers.list().map(\.leaving) == [nil])
            let gone = hub.subscribers.takeSessions(now: Timestamp(milliseconds: 0)).first { $0.id == first?.rawValue }
            #expect(gone?.left == .slow)
            _ = slow.start()
            #expect(await eventually { slow.isAtEnd })
            // One that reads keeps its place.
            let third = try TestReader.connect(path).start()
            #expect(await eventually { third.isAtEnd })
            #expect(try third.lines().map(\.data.reason) == ["too_many"])
        }
    }

    @Test func theEndDoesNotWaitForReadersThatWereCut() async throws {
        let hub = makeHub(limits: HubLimits(lines: 10))
        let limits = EventSocketLimits(shutdownGrace: .minutes(10), policy: .init(graceAtStop: .milliseconds(0)))
        let slow = try await place.serving(hub, limits: limits) { _ in
            let slow = try TestReader.connect(path)
            await cut(slow, of: hub)
            #expect(await eventually { hub.subscribers.list().first?.leaving == .slow })
            return slow
        }
        #expect(hub.subscribers.count == 0)
        slow.disconnect()
    }

    /// More live calls than any buffer takes: they come all, as they are read.
    @Test func aLargeSnapshotIsSentAsItIsTaken() async throws {
        guard case .call(let data) = draft(1).data else { return }
        let hub = makeHub(head: 1, liveCalls: (0..<3_000).map { (CallID(rawValue: "call-\($0)"), paris, data) })
        try await place.serving(hub) { _ in
            let reader = try TestReader.connect(path)
            #expect(await eventually { hub.subscribers.list().first?.pendingBytes ?? 0 > 0 })
            #expect(hub.subscribers.list()[0].pendingBytes < 160 << 10)
            _ = reader.start()
            hub.publish([line(2)])
            #expect(try await eventually { try reader.lines().last?.seq == 2 })
            let read = try reader.lines()
            #expect(
                read.filter { $0.type == "stream.snapshot" }.compactMap(\.subject) == (0..<3_000).map { "call-\($0)" })
            // Whoever reads slowly gets a bookmark in between now and then.
            let place = read.map(\.type).filter { $0 != "stream.bookmark" }
            #expect(place.suffix(2).first == "stream.live")
        }
    }

    @Test func theEndOfAReadersInputDoesNotEndItsStream() async throws {
        let hub = makeHub()
        try await place.serving(hub) { _ in
            let reader = try TestReader.connect(path).start()
            #expect(shutdown(reader.descriptor, Int32(SHUT_WR)) == 0)
            #expect(try await eventually { try reader.lines().count == 2 })
            hub.publish([line(1)])
            #expect(try await eventually { try reader.lines().last?.seq == 1 })
        }
    }

    @Test func whatAReaderSendsIsThrownAwayUpToABound() async throws {
        let hub = makeHub()
        try await place.serving(hub, limits: EventSocketLimits(inputBytes: 10_000)) { _ in
            let reader = try TestReader.connect(path).start()
            #expect(await eventually { hub.subscribers.count == 1 })
            let junk = [UInt8](repeating: 7, count: 4_096)
            var sent = 0
            // More than the kernel holds for us: the reader is stopped, not we.
            for _ in 0..<500 {
                let count = send(reader.descriptor, junk, junk.count, Int32(MSG_DONTWAIT))
                if count > 0 { sent += count } else { try await Task.sleep(for: .milliseconds(1)) }
            }
            #expect(sent < 1 << 20)
            hub.publish([line(1)])
            #expect(try await eventually { try reader.lines().last?.seq == 1 })
            // It goes without a word, and we do not even read any more: noticed all the same.
            shutdown(reader.descriptor, Int32(SHUT_RDWR))
            #expect(await eventually { reader.isAtEnd })
            reader.disconnect()
            #expect(await eventually { hub.subscribers.count == 0 })
        }
    }

    @Test func aReaderThatDiesIsNoticedWithoutAnyEvent() async throws {
        let hub = makeHub()
        try await place.serving(hub) { _ in
            let reader = try TestReader.connect(path)
            #expect(await eventually { hub.subscribers.count == 1 })
            reader.disconnect()
            #expect(await eventually { hub.subscribers.count == 0 })
        }
    }

    @Test func oneReaderTooManyIsToldSo() async throws {
        let hub = makeHub()
        try await place.serving(hub, limits: EventSocketLimits(readers: 1)) { _ in
            let first = try TestReader.connect(path)
            #expect(await eventually { hub.subscribers.count == 1 })
            let second = try TestReader.connect(path).start()
            #expect(await eventually { second.isAtEnd })
            #expect(try second.lines().map(\.type) == ["stream.bye"])
            #expect(try second.lines()[0].data.reason == "too_many")
            first.disconnect()
            #expect(await eventually { hub.subscribers.count == 0 })
            let third = try TestReader.connect(path).start()
            #expect(try await eventually { try third.lines().first?.type == "stream.hello" })
        }
    }

    @Test func theEndSaysByeToEveryReaderAndRemovesTheFile() async throws {
        let hub = makeHub()
        var readers: [TestReader] = []
        try await place.serving(hub) { _ in
            for _ in 0..<20 { readers.append(try TestReader.connect(path).start()) }
            #expect(await eventually { hub.subscribers.count == 20 })
            // Published at the last moment: still before the farewell.
            hub.publish(lines(1...3))
        }
        for reader in readers {
            #expect(await eventually { reader.isAtEnd })
            let read = try reader.lines()
            #expect(read.compactMap(\.seq) == [1, 2, 3])
            #expect(read.last?.type == "stream.bye" && read.last?.data.reason == "shutdown")
            #expect(read.last?.data.cursor == "\(epoch):3")
        }
        #expect(access(path, F_OK) != 0)
    }

    @Test func theEndDoesNotWaitForReadersThatDoNotRead() async throws {
        let hub = makeHub()
        let clock = ContinuousClock()
        var begin = clock.now
        try await place.serving(hub, limits: EventSocketLimits(shutdownGrace: .milliseconds(100))) { _ in
            _ = try TestReader.connect(path)
            #expect(await eventually { hub.subscribers.count == 1 })
            for seq in Int64(1)...2_000 { hub.publish([line(seq)]) }
            #expect(await eventually { hub.subscribers.list().first?.pendingBytes ?? 0 > 0 })
            begin = clock.now
        }
        #expect(begin.duration(to: clock.now) < .seconds(30), "a fraction of a second on an idle machine")
        #expect(hub.subscribers.count == 0)
    }
}
