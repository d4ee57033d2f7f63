import BridgeClient
import CallModel
import Testing

@Suite struct TailStateMachineTests {
    private func envelope(_ line: [UInt8]) throws -> EventEnvelope { try EventEnvelope(line: line[...]) }

    private func machine(_ request: TailRequest = TailRequest()) -> TailStateMachine {
        TailStateMachine(request, endpoint: "E")
    }

    @Test func waitsTwiceAsLongEachTimeUpToFiveSeconds() {
        var machine = machine()
        let waits = (0..<8).map { _ -> Int64 in
            guard case .retry(let span, _) = machine.ended(.failed(.unreachable("gone", isTemporary: true))) else {
                return -1
            }
            return span.milliseconds
        }
        #expect(waits == [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000])
    }

    @Test func anEventOrABookmarkEndsTheLongWaits() throws {
        for line in [SampleLines.call(seq: 5), SampleLines.bookmark(5)] {
            var machine = machine()
            for _ in 0..<5 { _ = machine.ended(.failed(.interrupted("cut"))) }
            _ = machine.connected()
            _ = machine.lineReceived(try envelope(line))
            #expect(machine.ended(.failed(.interrupted("cut"))) == .retry(after: .milliseconds(100), note: nil))
        }
    }

    @Test func aConnectionAloneDoesNotEndTheLongWaits() {
        var machine = machine()
        _ = machine.ended(.failed(.interrupted("cut")))
        _ = machine.connected()
        #expect(machine.ended(.abandoned) == .retry(after: .milliseconds(200), note: nil))
    }

    @Test func saysOnceThatItWaitsAndOnceThatItIsBack() {
        var machine = machine()
        let gone = TailStateMachine.ConnectionEnd.failed(.unreachable("nobody listens", isTemporary: true))
        #expect(machine.ended(gone) == .retry(after: .milliseconds(100), note: "nobody listens; waiting for it"))
        #expect(machine.ended(gone) == .retry(after: .milliseconds(200), note: nil))
        #expect(machine.connected() == "connected to E again")
        #expect(
            machine.ended(.failed(.interrupted("cut")))
                == .retry(after: .milliseconds(400), note: "cut; waiting for it at E"))
        #expect(machine.connected() != nil)
        #expect(machine.connected() == nil)
    }

    @Test func aMissingPermissionIsWaitedForOnlyAfterItWasThereOnce() {
        var machine = machine()
        let denied = ClientFailure.unreachable("permission denied", isTemporary: false)
        #expect(machine.ended(.failed(denied)) == .fail(denied))
        _ = machine.connected()
        guard case .retry = machine.ended(.failed(denied)) else { return #expect(Bool(false), "gave up in a restart") }
    }

    @Test func refusalsAndFaultsEndIt() {
        for failure in [
            ClientFailure.refused(Problem(status: 410)), .protocolViolation("x"), .file("disk full"), .usage("x"),
        ] {
            var machine = machine()
            #expect(machine.ended(.failed(failure)) == .fail(failure))
        }
    }

    @Test func aReaderThatDoesNotFollowGivesUpAfterFiveConnectionsWithoutALine() {
        var machine = machine(TailRequest(start: .oldest, follow: false))
        let cut = ClientFailure.interrupted("cut")
        for _ in 0..<4 {
            guard case .retry = machine.ended(.failed(cut)) else { return #expect(Bool(false), "gave up too early") }
        }
        #expect(machine.ended(.failed(cut)) == .fail(cut))
    }

    @Test func aReaderThatDoesNotFollowWaitsForASilentDaemonOnce() {
        let silent = ClientFailure.silent(seconds: 20)
        var machine = machine(TailRequest(start: .oldest, follow: false))
        #expect(machine.ended(.failed(silent)) == .fail(silent))
        var following = TailStateMachine(TailRequest(start: .oldest), endpoint: "E")
        #expect(following.ended(.failed(silent)) == .retry(after: .milliseconds(100), note: nil))
    }

    @Test func anotherProtocolEndsIt() {
        let other = ClientFailure.otherProtocol("an events socket")
        var machine = machine()
        #expect(machine.ended(.failed(other)) == .fail(other))
    }

    @Test func aPositionNeverMovesBack() throws {
        var machine = machine()
        #expect(machine.lineReceived(try envelope(SampleLines.call(seq: 9))) == .deliver)
        _ = machine.lineReceived(try envelope(SampleLines.bookmark(4)))
        #expect(machine.cursor == SampleLines.cursor(9))
        #expect(machine.lineReceived(try envelope(SampleLines.call(seq: 9))) == .drop)
        #expect(machine.lineReceived(try envelope(SampleLines.call(seq: 10))) == .deliver)
    }

    @Test func goingOnFromACursorAsksForNoSnapshot() {
        let request = TailRequest(start: .after(SampleLines.cursor(3)), snapshot: true)
        #expect(machine(request).apiRequest.target == "/v1/events?after=\(SampleLines.cursor(3))")
    }

    @Test func aTimeIsAskedForUntilThereIsAPosition() throws {
        var machine = machine(TailRequest(start: .since(SampleLines.start)))
        #expect(machine.apiRequest.target == "/v1/events?since=2026-11-21T09:30:00.125Z")
        _ = machine.lineReceived(try envelope(SampleLines.call(seq: 2)))
        #expect(machine.apiRequest.target == "/v1/events?after=\(SampleLines.cursor(2))")
    }
}
