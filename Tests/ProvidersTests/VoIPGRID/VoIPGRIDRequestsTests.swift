import CallModel
import Providers
import Testing

/// VoIPGRID click-to-dial and call-notification subscriptions: the requests, to the byte.
struct VoIPGRIDRequestsTests {
    private let requests = VoIPGRIDRequests(
        baseURL: "https://api.voipgrid.nl/", credentials: .password(user: "gebruikersnaam", Redacted("wachtwoord")))

    private func body(_ call: VoIPGRIDRequests.Call) -> String {
        String(decoding: requests.place(call).body, as: UTF8.self)
    }

    @Test func onlyWhatIsSetIsSent() {
        #expect(body(.init(to: "+33639980021")) == #"{"b_number":"+33639980021"}"#)
        #expect(
            body(.init(to: "238", from: "201", shownNumber: "default_number", autoAnswer: false))
                == #"{"b_number":"238","b_cli":"default_number","a_number":"201","auto_answer":false}"#)
    }

    @Test(arguments: [
        ("+31(0)20 123 45 67", "+31201234567"), ("06\u{A0}39 98-00.21", "0639980021"), ("238", "238"),
    ])
    func numbersAreCleaned(_ typed: String, _ sent: String) {
        #expect(body(.init(to: typed)) == #"{"b_number":"\#(sent)"}"#)
    }

    @Test func theAddressEndsInASlashAndTheIdIsEncoded() {
        let post = requests.place(.init(to: "238"))
        #expect(post.method == .post)
        #expect(post.url.exposed == "https://api.voipgrid.nl/api/clicktodial/")
        #expect(post.headers.contains(.init("Content-Type", "application/json")))
        #expect(!post.followsOneRedirect)
        let get = requests.status(of: "é/ ?#s")
        #expect(get.method == .get)
        #expect(get.url.exposed == "https://api.voipgrid.nl/api/clicktodial/%C3%A9%2F%20%3F%23s/")
        #expect(get.followsOneRedirect)
        #expect(requests.hangUp("abc").method == .delete)
        #expect(requests.hangUp("abc").url.exposed.hasSuffix("/api/clicktodial/abc/"))
    }

    @Test func bothCredentialsAreSentAndNeitherShown() {
        #expect(
            requests.place(.init(to: "1")).authentication
                == .basic(user: "gebruikersnaam", password: Redacted("wachtwoord")))
        let token = VoIPGRIDRequests(
            baseURL: "https://h", credentials: .apiToken(user: "a@example.nl", Redacted("s3cret")))
        #expect(token.status(of: "x").authentication == .header(Redacted("Token a@example.nl:s3cret")))
        #expect(!"\(token.status(of: "x"))".contains("s3cret"))
    }

    // MARK: - Replies

    private func result(_ status: Int, _ body: String) -> PlacementResult {
        VoIPGRIDRequests.result(of: HTTPReply(status: status, body: Array(body.utf8)))
    }

    @Test(arguments: [
        #"{"callid":"abc","status":""}"#, #"{"callid":"abc","status":null}"#, #"{"callid":"abc"}"#,
        #"{"callid":"abc","status":"dialing_a"}"#,
    ])
    func aReplyThatNamesTheCallIsAcceptance(_ body: String) {
        #expect(result(200, body) == .accepted)
        #expect(result(201, body) == .accepted)
    }

    @Test(arguments: ["{}", #"{"callid":""}"#, #"{"callid":null}"#])
    func aReplyThatNamesNoCallIsNot(_ body: String) {
        guard case .refused(200, _, false) = result(200, body) else { return unexpected() }
    }

    @Test func whatIsNoJSONLeavesTheResultUnknown() {
        guard case .unknown = result(200, "<html>") else { return unexpected() }
        guard case .unknown = result(502, "<html>") else { return unexpected() }
        guard case .unknown = result(504, "") else { return unexpected() }
    }

    @Test(arguments: [
        (400, "Extensions or phonenumbers not valid", "Extensions or phonenumbers not valid"),
        (400, #"{"description": "Extensions or phonenumbers not valid"}"#, "Extensions or phonenumbers not valid"),
        (400, "User has no permission", "User has no permission"),
        (401, "", "HTTP 401"), (403, #"{"detail":"no"}"#, "no"),
        (500, #"{"error_message": "Please try again later."}"#, "Please try again later."),
    ])
    func aRefusalKeepsItsText(_ status: Int, _ body: String, _ text: String) {
        #expect(result(status, body) == .refused(status: status, text: text, isBarred: false))
    }

    @Test func aBarredNumberIsBarred() {
        #expect(
            result(400, "This number is not permitted.")
                == .refused(status: 400, text: "This number is not permitted.", isBarred: true))
    }

    @Test func onlyWhatCannotHaveBeenSentFailed() {
        let cut = HTTPFailure(kind: .connectionLost, detail: "cut", mayHaveBeenSent: true)
        #expect(PlacementResult(cut) == .unknown("the connection was lost: cut"))
        let refused = HTTPFailure(kind: .cannotConnect, detail: "refused", mayHaveBeenSent: false)
        #expect(PlacementResult(refused) == .unreachable("no connection: refused"))
    }

    @Test(arguments: [
        ("", "HTTP 429 Too Many Requests"), ("{}", "HTTP 429 Too Many Requests"),
        (#"{"detail":""}"#, "HTTP 429 Too Many Requests"), ("null", "HTTP 429 Too Many Requests"),
        (#"{"detail":"slowly"}"#, "HTTP 429: slowly"), (#"{"why":"x"}"#, #"HTTP 429: {"why":"x"}"#),
    ])
    func aReasonSaysTheStatusOnce(_ body: String, _ expected: String) {
        let reply = HTTPReply(status: 429, reason: "Too Many Requests", body: Array(body.utf8))
        #expect(PlacementResult.reason(of: reply) == expected)
    }

    @Test func errorTextsAreBounded() {
        guard case .refused(_, let text, _) = result(400, String(repeating: "a", count: 60_000)) else {
            return unexpected()
        }
        #expect(text.count <= 300)
    }

    @Test(arguments: [
        (200, "", true), (201, "", true), (202, "", true), (204, "", true), (400, "Already disconnected", true),
        (404, "", false), (400, "no", false), (500, "", false),
    ])
    func hangingUp(_ status: Int, _ body: String, _ agrees: Bool) {
        #expect(VoIPGRIDRequests.isHungUp(HTTPReply(status: status, body: Array(body.utf8))) == agrees)
    }
}
