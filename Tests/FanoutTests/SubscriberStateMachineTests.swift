import CallModel
import Testing

/// The protocol of a plain reader, as `docs/events.md`, Subscribing, has it.
struct SubscriberStateMachineTests {
    private func time(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1_000) }

    private func ring(_ oldest: Int64, _ head: Int64) -> RingExtent { RingExtent(oldest: oldest, head: head) }

    /// A reader that has been greeted at `head`, at time 0.
    private func live(
        head: Int64, policy: SubscriberStateMachine.Policy = .init()
    ) -> SubscriberStateMachine {
        var state = SubscriberStateMachine(snapshotHead: head, liveCalls: 0, policy: policy, now: time(0))
        let ring = ring(head + 1, head)
        #expect(state.next(hasRoom: true, ring: ring, now: time(0)) == .sendHello(head: head))
        #expect(state.next(hasRoom: true, ring: ring, now: time(0)) == .sendLive(head: head))
        return state
    }

    @Test func greetsThenTellsTheLiveCallsThenTheEventsAfterThem() {
        var state = SubscriberStateMachine(snapshotHead: 7, liveCalls: 2, now: time(0))
        // Two events have come since the snapshot was taken.
        let ring = ring(1, 9)
        #expect(state.next(hasRoom: true, ring: ring, now: time(0)) == .sendHello(head: 7))
        #expect(state.next(hasRoom: true, ring: ring, now: time(0)) == .sendSnapshot(index: 0, head: 7))
        #expect(state.next(hasRoom: true, ring: ring, now: time(0)) == .sendSnapshot(index: 1, head: 7))
        #expect(state.next(hasRoom: true, ring: ring, now: time(0)) == .sendLive(head: 7))
        #expect(state.next(hasRoom: true, ring: ring, now: time(0)) == .sendLines(after: 7))
        state.linesSent(through: 8)
        #expect(state.next(hasRoom: true, ring: ring, now: time(0)) == .sendLines(after: 8))
        state.linesSent(through: 9)
        #expect(state.next(hasRoom: true, ring: ring, now: time(0)) == .wait(until: time(15)))
        #expect(state.cursor == 9)
    }

    @Test func sendsNothingWithoutRoomAndGoesOnWhereItWas() {
        var state = SubscriberStateMachine(snapshotHead: 0, liveCalls: 1, now: time(0))
        let ring = ring(1, 3)
        #expect(state.next(hasRoom: false, ring: ring, now: time(0)) == .wait(until: nil))
        #expect(state.next(hasRoom: true, ring: ring, now: time(0)) == .sendHello(head: 0))
        #expect(state.next(hasRoom: false, ring: ring, now: time(99)) == .wait(until: nil))
        #expect(state.next(hasRoom: true, ring: ring, now: time(99)) == .sendSnapshot(index: 0, head: 0))
        #expect(state.next(hasRoom: true, ring: ring, now: time(99)) == .sendLive(head: 0))
    }

    @Test func sendsABookmarkEvery15SecondsAlsoBeforeTheFirstEvent() {
        var state = live(head: 0)
        let empty = ring(1, 0)
        #expect(state.next(hasRoom: true, ring: empty, now: time(0)) == .wait(until: time(15)))
        #expect(state.next(hasRoom: true, ring: empty, now: time(15)) == .sendBookmark(seq: 0))
        #expect(state.next(hasRoom: true, ring: empty, now: time(15)) == .wait(until: time(30)))
        #expect(state.next(hasRoom: true, ring: empty, now: time(30)) == .sendBookmark(seq: 0))
    }

    @Test func aBookmarkNeverPromisesWhatWasNotSent() {
        var state = live(head: 0)
        #expect(state.next(hasRoom: true, ring: ring(1, 5), now: time(20)) == .sendBookmark(seq: 0))
        #expect(state.next(hasRoom: true, ring: ring(1, 5), now: time(20)) == .sendLines(after: 0))
        state.linesSent(through: 5)
        #expect(state.next(hasRoom: true, ring: ring(1, 5), now: time(35)) == .sendBookmark(seq: 5))
    }

    @Test func aReaderWhoseNextEventIsGoneIsToldWhatItMissesAndCut() {
        var state = live(head: 10)
        state.linesSent(through: 12)
        #expect(state.next(hasRoom: false, ring: ring(13, 40), now: time(1)) == .wait(until: nil))
        // Said behind what is pending: there need be no room.
        #expect(state.next(hasRoom: false, ring: ring(14, 41), now: time(2)) == .sendGap(from: 13, to: 41))
        #expect(state.isLeaving)
        #expect(state.next(hasRoom: false, ring: ring(15, 42), now: time(2)) == .sendBye(.slow, seq: 12))
        #expect(state.next(hasRoom: true, ring: ring(15, 42), now: time(2)) == .wait(until: time(62)))
        state.farewellWritten()
        #expect(state.next(hasRoom: true, ring: ring(15, 42), now: time(3)) == .close)
    }

    @Test func aReaderThatIsCutDuringTheGreetingIsCutAllTheSame() {
        var state = SubscriberStateMachine(snapshotHead: 3, liveCalls: 900, now: time(0))
        #expect(state.next(hasRoom: true, ring: ring(1, 3), now: time(0)) == .sendHello(head: 3))
        #expect(state.next(hasRoom: false, ring: ring(5, 8), now: time(0)) == .sendGap(from: 4, to: 8))
        #expect(state.next(hasRoom: false, ring: ring(5, 8), now: time(0)) == .sendBye(.slow, seq: 3))
    }

    @Test func aReaderThatWasCutAndDoesNotReadIsClosedAfterTheGrace() {
        var state = live(head: 0)
        #expect(state.next(hasRoom: false, ring: ring(2, 2), now: time(1)) == .sendGap(from: 1, to: 2))
        #expect(state.next(hasRoom: false, ring: ring(2, 2), now: time(1)) == .sendBye(.slow, seq: 0))
        #expect(state.next(hasRoom: false, ring: ring(2, 2), now: time(60)) == .wait(until: time(61)))
        #expect(state.next(hasRoom: false, ring: ring(2, 2), now: time(61)) == .close)
    }

    @Test func aReaderThatWasCutGivesWayToAnother() {
        var state = live(head: 0)
        #expect(state.leavingSince == nil)
        #expect(state.placeWanted() == false)
        #expect(state.next(hasRoom: false, ring: ring(2, 2), now: time(1)) == .sendGap(from: 1, to: 2))
        // Its farewell comes first.
        #expect(state.leavingSince == nil)
        #expect(state.placeWanted() == false)
        #expect(state.next(hasRoom: false, ring: ring(2, 2), now: time(1)) == .sendBye(.slow, seq: 0))
        #expect(state.leavingSince == time(1))
        #expect(state.placeWanted() == true)
        #expect(state.next(hasRoom: true, ring: ring(2, 2), now: time(2)) == .close)
        #expect(state.placeWanted() == false)
    }

    @Test func aReaderThatCannotComeBackIsToldWhatItMissesAndGoesOn() {
        var state = live(head: 0, policy: .init(slowness: .skip))
        state.linesSent(through: 2)
        #expect(state.next(hasRoom: false, ring: ring(50, 99), now: time(1)) == .wait(until: nil))
        // The gap is as large as it is when there is room again.
        #expect(state.next(hasRoom: true, ring: ring(61, 110), now: time(2)) == .sendGap(from: 3, to: 60))
        #expect(state.next(hasRoom: true, ring: ring(61, 110), now: time(2)) == .sendLines(after: 60))
        #expect(!state.isLeaving)
    }

    @Test func anEmptyRingMissesNothing() {
        var state = live(head: 8)
        #expect(state.next(hasRoom: true, ring: ring(9, 8), now: time(1)) == .wait(until: time(15)))
    }

    @Test func theShutdownSaysByeWithThePlaceToResumeFrom() {
        var state = live(head: 4)
        state.dismissed(.shutdown, closeBy: time(3))
        #expect(state.next(hasRoom: false, ring: ring(5, 4), now: time(1)) == .sendBye(.shutdown, seq: 4))
        #expect(state.next(hasRoom: false, ring: ring(5, 4), now: time(1)) == .wait(until: time(3)))
        #expect(state.next(hasRoom: false, ring: ring(5, 4), now: time(3)) == .close)
    }

    @Test func theShutdownShortensTheGraceOfAReaderThatWasCut() {
        var state = live(head: 0)
        #expect(state.next(hasRoom: false, ring: ring(2, 2), now: time(1)) == .sendGap(from: 1, to: 2))
        #expect(state.next(hasRoom: false, ring: ring(2, 2), now: time(1)) == .sendBye(.slow, seq: 0))
        state.dismissed(.reconfigured, closeBy: time(10))
        #expect(state.next(hasRoom: false, ring: ring(2, 2), now: time(1)) == .wait(until: time(10)))
        // One that reads has read it long since; one that was cut a moment ago gets that moment.
        state.dismissed(.shutdown, closeBy: time(9))
        let last = time(1).advanced(by: .milliseconds(500))
        #expect(state.next(hasRoom: false, ring: ring(2, 2), now: time(1)) == .wait(until: last))
        #expect(state.next(hasRoom: false, ring: ring(2, 2), now: time(2)) == .close)
    }

    @Test func aReaderThatIsGoneIsToldNothing() {
        var state = live(head: 0)
        state.disconnected()
        state.dismissed(.shutdown, closeBy: time(10))
        #expect(state.next(hasRoom: true, ring: ring(1, 5), now: time(2)) == .close)
    }

    /// Whatever the room, the ring and the time do: what is sent is in order, each event is sent or covered by a gap,
    /// never both, and a bye is the end.
    @Test(arguments: [SubscriberStateMachine.Policy.Slowness.cut, .skip], 0..<50)
    func neverLosesOrRepeatsAnEventSilently(slowness: SubscriberStateMachine.Policy.Slowness, seed: Int) {
        var random = SplitMix(state: UInt64(seed))
        var state = SubscriberStateMachine(
            snapshotHead: 5, liveCalls: 3, policy: .init(slowness: slowness), now: time(0)
        )
        var (accounted, head, now): (Int64, Int64, Int64) = (5, 5, 0)
        var saidBye = false
        for _ in 0..<400 {
            head += Int64(random.next() % 4)
            now += Int64(random.next() % 3)
            let ring = ring(max(1, head - 9), head)
            switch state.next(hasRoom: random.next() % 3 > 0, ring: ring, now: time(now)) {
            case .sendLines(let after):
                #expect(after == accounted && ring.oldest <= after + 1 && !saidBye)
                let through = min(head, after + 1 + Int64(random.next() % 5))
                state.linesSent(through: through)
                accounted = through
            case .sendGap(let from, let to):
                #expect(from == accounted + 1 && to >= from && !saidBye)
                accounted = to
            case .sendBye: saidBye = true
            case .close: #expect(saidBye)
            case .sendBookmark(let seq): #expect(seq == accounted && !saidBye)
            case .sendHello(let at), .sendLive(let at), .sendSnapshot(_, let at): #expect(at == 5 && !saidBye)
            case .wait: break
            }
        }
        #expect(saidBye == false || slowness == .cut)
    }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
