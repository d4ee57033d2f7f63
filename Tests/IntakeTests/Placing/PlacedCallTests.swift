import CallModel
import Intake
import Logging
import Providers
import Testing

/// What whoever asked for a call is told where its outcome could not be written down.
struct PlacedCallTests {
    /// Says yes to everything.
    private struct Provider: HTTPClient {
        func execute(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPReply {
            HTTPReply(status: 201, body: Array(#"{"callid":"call-1"}"#.utf8))
        }
    }

    private static let source = SourceName(provider: "voipgrid", name: "sales")

    private func placer(_ receipt: Result<DeliveryReceipt, IntakeRejection>) -> VoIPGRIDPlacer {
        let now = Timestamp(milliseconds: 1_767_603_600_000)
        let surroundings = Surroundings(
            client: Provider(), sink: ScriptedSink { _ in receipt }, now: { now }, ticks: { now }, sleep: { _ in },
            random: { 0 }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let requests = VoIPGRIDRequests(
            baseURL: "http://127.0.0.1:1", credentials: .password(user: "a@example.nl", Redacted("p")))
        let scrubber = SecretScrubber(secrets: [])
        let follower = StatusFollower(
            monitor: SourceMonitor(source: Self.source, pollers: 1, surroundings: surroundings), requests: requests,
            polling: StatusPolling(), maximumAge: .hours(4), scrubber: scrubber, surroundings: surroundings,
            callState: { _ in nil })
        return VoIPGRIDPlacer(
            source: Self.source, requests: requests, follower: follower, ownNumber: "101", ownShownNumber: nil,
            shownNumber: nil, scrubber: scrubber, surroundings: surroundings)
    }

    private func place(_ receipt: Result<DeliveryReceipt, IntakeRejection>) async -> PlacedCall {
        await placer(receipt).place(PlacementOrder(call: CallID(rawValue: "c1"), to: "+33639980001"))
    }

    @Test func aDurableYesIsAYes() async {
        let placed = await place(.success(DeliveryReceipt(call: CallID(rawValue: "c2"))))
        #expect(placed.answer == .accepted && placed.settlement == .accepted)
        #expect(placed.call == CallID(rawValue: "c2"))
    }

    /// The provider answered while the daemon stopped: the next run, to which it is unanswered, tells the call.
    @Test func aYesThatTheStreamWillNotTellIsNotPromised() async {
        let placed = await place(.failure(.stopping))
        guard case .unknown = placed.answer else {
            Issue.record("promised: \(placed)")
            return
        }
        #expect(placed.settlement == nil)
    }

    /// The same for the end of a call.
    @Test func anEndThatTheStreamWillNotTellIsNotPromised() async {
        #expect(await placer(.success(DeliveryReceipt())).hangUp("call-1") == .agreed)
        guard case .unknown = await placer(.failure(.stopping)).hangUp("call-1") else {
            Issue.record("promised")
            return
        }
    }

    @Test func whatNobodyWasAskedForMayBeAskedForAgain() {
        let placed = PlacedCall(.comeBackLater, CallID(rawValue: "c1"), isDurable: false)
        #expect(placed.answer == .comeBackLater && placed.settlement == .comeBackLater)
    }

    @Test func aNoIsANoWhetherItIsKeptOrNot() {
        let refused = PlacementResult.refused(status: 400, text: "no", isBarred: false)
        let placed = PlacedCall(refused, CallID(rawValue: "c1"), isDurable: false)
        #expect(placed.answer == refused && placed.settlement == refused)
    }
}
