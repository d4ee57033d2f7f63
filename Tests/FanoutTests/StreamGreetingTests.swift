import CallModel
import Fanout
import Testing

struct StreamGreetingTests {
    private let now = Timestamp(milliseconds: 1_795_253_400_125)

    private func greeting(_ numbers: EventEncoder.Numbers = .clear) -> StreamGreeting {
        StreamGreeting(epoch: epoch, subscriber: SubscriberID(rawValue: "abc-7"), version: "1.2.3", numbers: numbers)
    }

    private func call() -> LiveCall {
        guard case .call(let data) = draft(1).data else { preconditionFailure("the fixture is a call") }
        return LiveCall(id: CallID(rawValue: "call-1"), source: paris, data: data)
    }

    @Test func helloSaysWhereTheReaderIs() {
        var greeting = greeting()
        #expect(
            String(decoding: greeting.hello(oldest: 3, head: 41, now: now), as: UTF8.self) == """
                {"specversion":"1.0","id":"\(epoch)-abc-7-1","source":"ctibridge","type":"stream.hello",\
                "observed":"2026-11-21T09:30:00.125Z","epoch":"\(epoch)","data":{"epoch":"\(epoch)","oldest":3,\
                "head":41,"version":"1.2.3","numbers":"clear"}}\n
                """
        )
    }

    @Test func aSnapshotHasTheFieldsOfTheCallItsSourceAndItsCursor() throws {
        var greeting = greeting()
        let line = try ReadLine(greeting.snapshot(call(), head: 41, now: now))
        #expect(line.type == "stream.snapshot" && line.subject == "call-1" && line.seq == nil)
        #expect(line.data.state == "ringing" && line.data.source == "ovh/paris")
        #expect(line.data.cursor == "\(epoch):41")
    }

    @Test func theOtherLinesCarryTheirCursor() throws {
        var greeting = greeting(.masked)
        #expect(try ReadLine(greeting.live(head: 1, now: now)).data.cursor == "\(epoch):1")
        #expect(try ReadLine(greeting.bookmark(seq: 2, now: now)).data.cursor == "\(epoch):2")
        let gap = try ReadLine(greeting.gap(from: 3, to: 9, now: now)).data
        #expect(gap.from == 3 && gap.to == 9 && gap.count == 7 && gap.reason == "slow")
        let bye = try ReadLine(greeting.bye(.shutdown, seq: 2, now: now)).data
        #expect(bye.reason == "shutdown" && bye.cursor == "\(epoch):2")
        let refusal = try ReadLine(greeting.bye(.tooMany, seq: nil, now: now)).data
        #expect(refusal.reason == "too_many" && refusal.cursor == nil)
        let hello = try ReadLine(greeting.hello(oldest: 1, head: 0, now: now))
        #expect(hello.data.numbers == "masked")
        #expect(hello.id == "\(epoch)-abc-7-6")
    }

    @Test func aMaskedSnapshotHidesNumbersAndNames() {
        var greeting = greeting(.masked)
        let text = String(decoding: greeting.snapshot(call(), head: 1, now: now), as: UTF8.self)
        #expect(!text.contains("39980001") && !text.contains("Jeanne"))
    }

    @Test func readersOfTwoRunsNeverShareAName() {
        let first = SubscriberRegistry(started: Timestamp(milliseconds: 1_000))
        let second = SubscriberRegistry(started: Timestamp(milliseconds: 1_001))
        let ids = [first, first, second, second].map { $0.nextID() }
        #expect(Set(ids).count == 4)
    }

    @Test func theRegistryListsReadersInTheOrderTheyCame() {
        let registry = SubscriberRegistry(started: now)
        let ids = (0..<20).map { n in
            registry.register(socket: "s\(n)", peer: nil, numbers: .clear, cursor: 5, now: now)
        }
        registry.update(ids[3], cursor: 8, pendingBytes: 17, sentLines: 4)
        registry.unregister(ids[4], left: .disconnected)
        registry.update(ids[4], cursor: 9, pendingBytes: 0, sentLines: 0)
        let list = registry.list()
        #expect(list.map(\.id) == ids.enumerated().filter { $0.offset != 4 }.map(\.element))
        #expect(list[3].cursor == 8 && list[3].pendingBytes == 17 && list[3].sentLines == 4)
        #expect(list[3].lag(head: 11) == 3 && list[3].lag(head: 2) == 0)
    }
}
