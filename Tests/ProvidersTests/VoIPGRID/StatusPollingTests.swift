import CallModel
import Providers
import Testing

/// VoIPGRID click-to-dial status: how a call is followed.
struct StatusPollingTests {
    private func reply(_ status: Int, _ body: String = "{}", retryAfter: Int? = nil) -> Result<HTTPReply, HTTPFailure> {
        .success(HTTPReply(status: status, retryAfterSeconds: retryAfter, body: Array(body.utf8)))
    }

    @Test func aStatusIsDeliveredAndAskedForAgain() {
        var polling = StatusPolling()
        let action = polling.received(reply(200, #"{"status":"dialing_a"}"#), random: 0)
        #expect(action == .deliver(status: 200, isEnd: false))
        #expect(polling.pause(inState: .initiated) == .seconds(1))
        #expect(polling.pause(inState: .ringing) == .seconds(1))
    }

    @Test func aConversationIsAskedForLessOften() {
        let polling = StatusPolling()
        #expect(polling.pause(inState: .connected) == .seconds(5))
        #expect(polling.pause(inState: .held) == .seconds(5))
    }

    @Test(arguments: ["disconnected", "failed_a", "failing_a", "failed_b", "failing_b", "blacklisted"])
    func theEndIsTheProvidersToSay(_ word: String) {
        var polling = StatusPolling()
        #expect(
            polling.received(reply(200, #"{"status":"\#(word)"}"#), random: 0) == .deliver(status: 200, isEnd: true))
    }

    /// A call that our own deadline closed: the real end puts it right.
    @Test func aCallThatWeClosedIsAskedAboutFurther() {
        var polling = StatusPolling()
        let action = polling.received(reply(200, #"{"status":"connected"}"#), random: 0)
        #expect(action == .deliver(status: 200, isEnd: false))
        #expect(polling.pause(inState: nil) == .seconds(5))
    }

    @Test func anUnknownIdIsDelivered() {
        var polling = StatusPolling()
        #expect(polling.received(reply(404, ""), random: 0) == .deliver(status: 404, isEnd: true))
    }

    @Test(arguments: [301, 302, 400, 401, 403, 429, 500, 502, 503, 504])
    func aFailedPollIsNotTheEnd(_ status: Int) {
        var polling = StatusPolling()
        for _ in 0..<1_000 {
            guard case .poll(let after) = polling.received(reply(status), random: 0.999) else {
                return unexpected()
            }
            #expect(after >= .seconds(1))
            #expect(after <= .seconds(30))
        }
        #expect(polling.received(reply(200), random: 0) == .deliver(status: 200, isEnd: false))
    }

    @Test(arguments: ["", "<html>", "[]", "null", "\"connected\"", #"{"status":"#])
    func whatIsNoJSONObjectIsAFailedPoll(_ body: String) {
        var polling = StatusPolling()
        guard case .poll = polling.received(reply(200, body), random: 0) else { return unexpected() }
    }

    @Test func aCutConnectionIsAFailedPoll() {
        var polling = StatusPolling()
        let failure = HTTPFailure(kind: .timedOut, detail: "", mayHaveBeenSent: true)
        #expect(polling.received(.failure(failure), random: 0) == .poll(after: .seconds(1)))
    }

    @Test(arguments: [(20, 20), (Int.max, 300), (-1, 1), (0, 1)] as [(Int, Int64)])
    func retryAfterIsHonouredWithinFiveMinutes(_ sent: Int, _ seconds: Int64) {
        var polling = StatusPolling()
        #expect(polling.received(reply(429, retryAfter: sent), random: 0) == .poll(after: .seconds(seconds)))
    }
}
