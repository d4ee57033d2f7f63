import CallModel
import Providers
import Testing

/// Keyyo CTI guide 1.5, makecall: the request, and what each reply means.
struct KeyyoMakecallTests {
    private let makecall = KeyyoMakecall(
        baseURL: "https://ssl.keyyo.com/", account: "33199000031", password: Redacted("sip secret"))

    @Test func theRequestNamesTheLineTheNumberAndTheName() {
        let request = makecall.request(to: "+33 6 39 98 00 41", from: nil, name: "Zoé & fils")
        #expect(request.method == .get)
        let query = "ACCOUNT=33199000031&CALLEE=33639980041&CALLEE_NAME=Zo%C3%A9%20%26%20fils"
        #expect(request.url.exposed == "https://ssl.keyyo.com/makecall.html?" + query)
        #expect(request.authentication == .digest(user: "33199000031", password: Redacted("sip secret")))
        #expect(!request.followsOneRedirect)
        #expect(!"\(request)".contains("sip secret"))
    }

    @Test func onlyItsOwnLineProvesItselfByTheSourcesPassword() {
        #expect(makecall.mayPlace(from: nil))
        #expect(makecall.mayPlace(from: "+33 1 99 00 00 31"))
        #expect(!makecall.mayPlace(from: "33199000032"))
        let known = KeyyoMakecall(baseURL: "https://h", account: "33199000031", password: nil)
        #expect(known.mayPlace(from: "33199000032"))
        let url = known.request(to: "0639980041", from: "+33199000032", name: nil).url.exposed
        #expect(url.hasSuffix("?ACCOUNT=33199000032&CALLEE=0639980041"))
    }

    @Test func withoutAPasswordTheSourceAddressIsTheProof() {
        let open = KeyyoMakecall(baseURL: "https://h", account: "1", password: nil)
        #expect(open.request(to: "2", from: nil, name: nil).authentication == .none)
    }

    private func result(_ status: Int, _ body: String, reason: String = "") -> PlacementResult {
        KeyyoMakecall.result(of: HTTPReply(status: status, reason: reason, body: Array(body.utf8)))
    }

    @Test(arguments: ["OK", "OK\n", " OK\r\n"])
    func okIsAcceptance(_ body: String) {
        #expect(result(200, body) == .accepted)
    }

    @Test func comeBackLaterIsRecognisedWhereverItStands() {
        #expect(result(500, "", reason: "Come Back Later") == .comeBackLater)
        #expect(result(200, "500 Come Back Later") == .comeBackLater)
        #expect(result(500, "500 Come Back Later\n") == .comeBackLater)
        #expect(result(503, "COME BACK LATER") == .comeBackLater)
    }

    @Test(arguments: [
        (200, "Numéro invalide"), (200, "NOK"), (400, "bad"), (302, "moved"), (200, "OKAY"),
    ])
    func anyOtherTextIsARefusal(_ status: Int, _ body: String) {
        #expect(result(status, body) == .refused(status: status, text: body, isBarred: false))
    }

    @Test(arguments: ["", " \r\n"])
    func anEmptyAnswerIsSaidToBeOne(_ body: String) {
        guard case .refused(200, let text, false) = result(200, body, reason: "OK") else { return unexpected() }
        #expect(text.contains("empty") && text.contains("HTTP 200 OK"))
    }

    @Test(arguments: [401, 403])
    func aRefusedLineIsSaidToBeOne(_ status: Int) {
        guard case .refused(status, let text, false) = result(status, "") else { return unexpected() }
        #expect(text.contains("SIP password"))
    }

    @Test func aLoginThatCouldNotBeTriedIsNoWrongPassword() {
        for (trouble, words) in [(HTTPReply.LoginTrouble.notSpoken, "was not tried"), (.neverCurrent, "out of date")] {
            let reply = HTTPReply(status: 401, loginTrouble: trouble)
            guard case .refused(401, let text, false) = KeyyoMakecall.result(of: reply) else { return unexpected() }
            #expect(text.contains(words))
            #expect(!text.contains("refuses"))
        }
    }

    @Test(arguments: [500, 502, 503, 504, 599])
    func aFailedServerMayHaveActed(_ status: Int) {
        guard case .unknown("HTTP \(status): oops") = result(status, "oops") else { return unexpected() }
        let page = result(status, "<html><head>\n<title>504 Gateway Time-out</title>", reason: "Oops")
        #expect(page == .unknown("HTTP \(status) Oops"))
    }
}
