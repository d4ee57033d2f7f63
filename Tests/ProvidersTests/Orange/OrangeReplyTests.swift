import CallModel
import Providers
import Testing

/// Orange guide of 2010, replies: only `status_code` tells what came of a request.
struct OrangeReplyTests {
    private func result(_ status: Int, _ body: String) -> PlacementResult {
        OrangeReply.result(of: HTTPReply(status: status, reason: "Reason", body: Array(body.utf8)))
    }

    private func response(_ code: String, _ more: String = "") -> String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><response><status><status_code>\(code)</status_code></status>\(more)"
            + "</response>"
    }

    @Test(arguments: [
        "200", " 200\n", "\u{A0}200 ", "<![CDATA[200]]>", "<![CDATA[ 200 ]]>", "2<!-- x -->00", "&#50;00",
    ])
    func aCodeOf200IsSuccessHoweverItIsWritten(_ code: String) {
        #expect(result(200, response(code)) == .accepted)
    }

    @Test(arguments: [("450", 450), (" 450 ", 450), ("0", 0), ("-1", -1), ("2000", 2_000)])
    func anotherCodeIsARefusalUnderAnyStatus(_ code: String, _ read: Int) {
        for status in [200, 403, 500, 502] {
            #expect(
                result(status, response(code)) == .refused(status: read, text: "status_code \(read)", isBarred: false))
        }
    }

    @Test func theMessageIsForPeople() {
        let body =
            "<response><status><status_code>450</status_code><status_msg><![CDATA[ d\u{E9}fendu & non ]]></status_msg></status></response>"
        #expect(result(200, body) == .refused(status: 450, text: "d\u{E9}fendu & non", isBarred: false))
    }

    @Test(arguments: [
        "", " ", "OK", "200", "<html><body>200</body></html>", "<response/>", "<response><status/></response>",
        "<response><status><status_code></status_code></status></response>",
        "<response><status_code>200</status_code></response>",
        "<reponse><status><status_code>200</status_code></status></reponse>",
        "<response><status><status_code>200.0</status_code></status></response>",
        "<response><status><status_code>200</status_code></status>", #"{"status_code":200}"#,
    ])
    func withoutACodeASuccessfulAnswerIsAFailure(_ body: String) {
        // HTTP's 200 is no reason.
        guard case .refused(status: nil, _, isBarred: false) = result(200, body) else { return unexpected() }
    }

    @Test(arguments: ["200.0", "OK", "99999999999999999999"])
    func aCodeThatIsNoneIsNotMissing(_ code: String) {
        guard case .refused(_, let text, _) = result(200, response(code)) else { return unexpected() }
        #expect(text == "the reply's status_code is no whole number: \(code)")
        guard case .refused(_, let missing, _) = result(200, "<response/>") else { return unexpected() }
        #expect(missing.hasPrefix("the reply has no status_code"))
    }

    @Test func onlyALostAnswerIsUnknown() {
        for status in [301, 400, 401, 404, 500, 503] {
            guard case .refused = result(status, "<html/>") else { return unexpected() }
        }
        for status in [502, 504] {
            guard case .unknown = result(status, "<html/>") else { return unexpected() }
        }
        // HTTP 500 with a success inside is none.
        guard case .refused(status: 500, _, _) = result(500, response("200")) else { return unexpected() }
    }

    @Test func idsAreTakenAsTheyAre() {
        let call = OrangeReply(Array(response("200", "<call_info><call_id> a/b é&amp;1 </call_id></call_info>").utf8))
        #expect(call.callID == "a/b é&1")
        #expect(call.conferenceID == nil)
        let conference = OrangeReply(Array(response("200", "<conference><id><![CDATA[6789]]></id></conference>").utf8))
        #expect(conference.conferenceID == "6789")
        for empty in ["", " ", String(repeating: "x", count: 257)] {
            let body = response("200", "<call_info><call_id>\(empty)</call_id></call_info>")
            #expect(OrangeReply(Array(body.utf8)).callID == nil)
        }
    }

    /// Declared Latin-1, declared UTF-8 but not, and not declared.
    @Test(arguments: ["ISO-8859-1", "UTF-8", "windows-1252", "klingon"])
    func whateverIsNoUTF8IsWindows1252(_ charset: String) {
        let bytes =
            Array(
                "<?xml version=\"1.0\" encoding=\"\(charset)\"?><response><status><status_code>450</status_code><status_msg>d"
                    .utf8)
            + [0xE9, 0x80] + Array("</status_msg></status></response>".utf8)
        #expect(OrangeReply(bytes).message == "dé€")
        #expect(OrangeReply(bytes).code == 450)
    }

    @Test func hostileXMLIsRefused() {
        let success = "<status><status_code>200</status_code></status>"
        let bodies = [
            "<!DOCTYPE response [<!ENTITY a \"200\">]><response><status><status_code>&a;</status_code></status></response>",
            "<!DOCTYPE response SYSTEM \"file:///etc/passwd\"><response>\(success)</response>",
            "<response>\(success)<x>&unknown;</x></response>",
            "<response>\(success)" + String(repeating: "<a>", count: 33) + String(repeating: "</a>", count: 33)
                + "</response>",
            "<response>\(success)" + String(repeating: "<a/>", count: 20_001) + "</response>",
            "<response " + (0...64).map { "a\($0)=\"\"" }.joined(separator: " ") + ">\(success)</response>",
            "<response>\(success)<x>" + String(repeating: "y", count: 10 << 20) + "</x></response>",
            "<response>\(success)\u{0}</response>",
        ]
        for body in bodies { #expect(OrangeReply(Array(body.utf8)).code == nil, "\(body.prefix(60))") }
    }

    @Test func theHistoryIsReadWhereItFits() {
        let names = ["state", "status"]
        func word(_ inside: String) -> String? {
            OrangeReply(Array(response("200", inside).utf8)).word(inElements: names)
        }
        #expect(word("<sms><state> delivered </state></sms>") == "delivered")
        #expect(word("<history><sms><to>1</to><Status>SENT</Status></sms></history>") == "SENT")
        #expect(word("<sms><other>x</other></sms>") == nil)
        #expect(word("") == nil)
    }
}
