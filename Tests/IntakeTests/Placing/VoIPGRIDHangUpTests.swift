import CallModel
import Intake
import Logging
import Providers
import Testing

/// What the provider's answers to a request to end a call mean (VoIPGRID, click-to-dial: `DELETE` of a call).
struct VoIPGRIDHangUpTests {
    private struct Provider: HTTPClient {
        let answer: Result<HTTPReply, HTTPFailure>

        func execute(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPReply { try answer.get() }
    }

    private func hangUp(_ answer: Result<HTTPReply, HTTPFailure>) async -> (result: HangUpResult, told: [Delivery]) {
        let now = Timestamp(milliseconds: 1_767_603_600_000)
        let source = SourceName(provider: "voipgrid", name: "sales")
        let sink = ScriptedSink()
        let surroundings = Surroundings(
            client: Provider(answer: answer), sink: sink, now: { now }, ticks: { now }, sleep: { _ in },
            random: { 0 }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let requests = VoIPGRIDRequests(
            baseURL: "http://127.0.0.1:1", credentials: .password(user: "a@example.nl", Redacted("p")))
        let scrubber = SecretScrubber(secrets: [Redacted("a-secret-of-ours")])
        let follower = StatusFollower(
            monitor: SourceMonitor(source: source, pollers: 1, surroundings: surroundings), requests: requests,
            polling: StatusPolling(), maximumAge: .hours(4), scrubber: scrubber, surroundings: surroundings,
            callState: { _ in nil })
        let placer = VoIPGRIDPlacer(
            source: source, requests: requests, follower: follower, ownNumber: "101", ownShownNumber: nil,
            shownNumber: nil, scrubber: scrubber, surroundings: surroundings)
        return (await placer.hangUp("call-1"), sink.deliveries.filter { $0.kind == .hangup })
    }

    private func failure(_ kind: HTTPFailure.Kind, mayHaveBeenSent: Bool) -> Result<HTTPReply, HTTPFailure> {
        .failure(HTTPFailure(kind: kind, detail: "", mayHaveBeenSent: mayHaveBeenSent))
    }

    @Test(arguments: [
        HTTPReply(status: 200), HTTPReply(status: 202), HTTPReply(status: 204),
        HTTPReply(status: 400, body: Array(#"{"detail":"Call already disconnected"}"#.utf8)),
    ])
    func whatEndedOrHadEndedIsAgreed(_ reply: HTTPReply) async {
        let (result, told) = await hangUp(.success(reply))
        #expect(result == .agreed)
        #expect(told.map(\.attributes) == [["callid": "call-1"]])
    }

    @Test func aCallThatIsNotKnownIsGone() async {
        let (result, told) = await hangUp(.success(HTTPReply(status: 404)))
        #expect(result == .gone && told.isEmpty)
    }

    @Test func aRefusalIsPassedOnWithoutOurSecrets() async {
        let reply = HTTPReply(status: 500, body: Array("no a-secret-of-ours here".utf8))
        let (result, told) = await hangUp(.success(reply))
        guard case .refused(let status, let text) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(status == 500 && !text.contains("a-secret-of-ours") && told.isEmpty)
    }

    @Test func withoutAnAnswerItIsNotKnownUnlessNothingWasSent() async {
        guard case .unknown = await hangUp(failure(.timedOut, mayHaveBeenSent: true)).result else {
            Issue.record("a request that was sent may have ended the call")
            return
        }
        guard case .unreachable = await hangUp(failure(.cannotConnect, mayHaveBeenSent: false)).result else {
            Issue.record("a request that was not sent ended nothing")
            return
        }
    }
}
