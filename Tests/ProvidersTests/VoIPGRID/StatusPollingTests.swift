import CallModel
import Providers
import Testing

/// VoIPGRID notes, section 4: how a call is followed.
struct StatusPollingTests {
    private func reply(_ status: Int, _ body: String = "{}", retryAfter: Int? = nil) -> Result<HTTPReply, HTTPFailure> {
        .success(HTTPReply(status: status, retryAfterSeconds: retryAfter, body: Array(body.utf8)))
    }

    @Test func aStatusIsDeliveredAndAskedForAgain() {
        var polling = StatusPolling()
        #expect(polling.received(reply(200, #"{"status":"dialing_a"}"#), random: 0) == .deliver(status: 200))
        #expect(polling.delivered(state: .initiated) == .poll(after: .seconds(1)))
        #expect(polling.delivered(state: .ringing) == .poll(after: .seconds(1)))
    }

    @Test func aConversationIsAskedForLessOften() {
        let polling = StatusPolling()
        #expect(polling.delivered(state: .connected) == .poll(after: .seconds(5)))
        #expect(polling.delivered(state: .held) == .poll(after: .seconds(5)))
    }

    @Test func theEndEndsIt() {
        let polling = StatusPolling()
        #expect(polling.delivered(state: .ended) == .stop)
        #expect(polling.delivered(state: nil) == .stop)
    }

    @Test func anUnknownIdIsDelivered() {
        var polling = StatusPolling()
        #expect(polling.received(reply(404, ""), random: 0) == .deliver(status: 404))
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
        #expect(polling.received(reply(200), random: 0) == .deliver(status: 200))
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
