import CallModel
import Providers
import Testing

/// Orange guide of 2010: what others send us.
struct OrangeDecoderTests {
    private let source = SourceName(provider: "orange", name: "legacy")

    private func hook(
        _ query: String, body: [UInt8] = [], type: String? = nil,
        change: (inout OrangeDecoder.Settings) -> Void = { _ in }
    ) -> DecodedDelivery {
        var settings = OrangeDecoder.Settings(numbers: NumberPlan(country: "FR"))
        change(&settings)
        var attributes = ["query": query]
        attributes["content-type"] = type
        return OrangeDecoder(settings: settings).decode(
            Delivery(
                source: source, observed: Timestamp(milliseconds: 1_795_253_400_000), kind: .webhook, body: body,
                attributes: attributes))
    }

    private func message(_ decoded: DecodedDelivery) -> (text: String?, keyword: String?, report: MessageReport)? {
        for fact in decoded.facts {
            guard case .message(let report) = fact.content, case .received(let text, let keyword, _) = report.kind
            else { continue }
            return (text, keyword, report)
        }
        return nil
    }

    @Test(arguments: [
        ("POLL+A", "POLL A", "POLL"), ("POLL", "POLL", "POLL"), ("POLL%09A", "POLL\tA", "POLL"),
        ("POLL%C2%A0A", "POLL\u{A0}A", "POLL"), ("POLL%A0A", "POLL\u{A0}A", "POLL"), ("%C3%A9+x", "é x", "é"),
        ("%E9", "é", "é"), ("%u20AC", "%u20AC", "%u20AC"), ("%2B", "+", "+"), ("%252B", "%2B", "%2B"),
        ("%", "%", "%"), ("%2", "%2", "%2"), ("a%00b", "a\u{0}b", "a\u{0}b"),
    ])
    func aTextIsDecodedOnceAndItsKeywordFound(_ sent: String, _ text: String, _ keyword: String) throws {
        let received = try #require(message(hook("from=33639980081&to=20345&content=\(sent)")))
        #expect(received.text == text)
        #expect(received.keyword == keyword)
        #expect(received.report.remote?.number == "+33639980081")
        #expect(received.report.local?.raw == "20345")
        #expect(received.report.local?.kind == .short)
    }

    /// Neither is an event of a call or a message.
    @Test(arguments: [
        "api=getLocation&number=33639980081&longitude=2.35&latitude=48.85",
        "api=voiceXML&call_id=7&state=started&number=33639980081",
    ])
    func locationsAndVoiceDialoguesStayOut(_ query: String) {
        let facts = hook(query).facts
        #expect(facts.count == 1)
        guard case .unparsed? = facts.first?.content else { return #expect(Bool(false), "\(facts)") }
    }

    @Test func onlyWhatIsNoUTF8IsFlagged() {
        #expect(hook("from=1&content=%E9").facts.last?.words.notes == [.charsetAssumed])
        #expect(hook("from=1&content=%C3%A9").facts.last?.words.notes == [])
    }

    @Test(arguments: ["", "api=&", "api=x&", "api=receiveSMS&", "api=receiveSMS&amp;1=1&amp;"])
    func theNameOfTheInterfaceIsNoCondition(_ api: String) {
        #expect(message(hook("\(api)from=33639980081&content=A"))?.text == "A")
    }

    @Test func copiedAmpersandsAreTolerated() throws {
        let received = try #require(message(hook("amp;from=33639980081&amp;to=20345&amp;content=A&amp;B")))
        #expect(received.text == "A")
        #expect(received.report.remote?.number == "+33639980081")
    }

    @Test func anEmptyTextIsAMessageAndAMissingOneIsNone() throws {
        let received = try #require(message(hook("from=33639980081&content=")))
        #expect(received.text == nil && received.keyword == nil)
        for query in ["from=33639980081", "content=A", "from=&content=A", "from=+&content=A", "", "x=y"] {
            let decoded = hook(query)
            #expect(message(decoded) == nil)
            #expect(decoded.facts.count == 1)
            // The sender gets its 200 all the same.
            #expect(decoded.refusal == nil)
        }
    }

    @Test func theFirstOfARepeatedParameterCountsAndIsTold() throws {
        let decoded = hook("from=33639980081&content=one&content=two")
        #expect(message(decoded)?.text == "one")
        guard case .unparsed(let input)? = decoded.facts.first?.content else { return unexpected() }
        #expect(input.detail == "content")
    }

    @Test(arguments: ["api=receiveMMS&", "medium=mms&", "medium=MMS&"])
    func anMMSIsToldByWhatIsInItsURL(_ mark: String) {
        #expect(message(hook("\(mark)from=33639980081&content=A"))?.report.medium == "mms")
        #expect(message(hook("from=33639980081&content=A"))?.report.medium == "sms")
    }

    @Test func hostileInputStaysBounded() {
        let many = (0..<10_000).map { "p\($0)=\($0)" }.joined(separator: "&")
        #expect(message(hook("from=33639980081&content=A&\(many)"))?.text == "A")
        #expect(hook(many).facts.count == 1)
        #expect(message(hook("from=\(String(repeating: "9", count: 1 << 20))&content=A")) != nil)
        _ = hook("ctibridge_call=\(String(repeating: "?ctibridge_call=", count: 5_000))x")
        _ = hook("", body: [0xFF, 0x00, 0x26, 0x3D], type: "text/plain")
        #expect(hook("", body: Array("<x/>".utf8), type: "text/xml").facts.count == 1)
    }

    /// No public document names the element that holds the status of a text.
    @Test func theElementOfAStatusIsConfigured() {
        var settings = OrangeDecoder.Settings(numbers: NumberPlan(country: "FR"))
        settings.history.elements = ["etat"]
        let body = "<response><status><status_code>200</status_code></status><sms><state>sent</state><Etat>delivered</Etat></sms></response>"
        let facts = OrangeDecoder(settings: settings).decode(
            Delivery(
                source: source, observed: Timestamp(milliseconds: 1_795_253_400_000), kind: .status,
                body: Array(body.utf8), attributes: ["message": "m1", "callid": "s1"])
        ).facts
        #expect(facts.last?.words.event == "delivered")
    }

    // MARK: - Notifications

    private func call(_ decoded: DecodedDelivery) -> (call: CallFact, words: ProviderWords)? {
        for fact in decoded.facts {
            if case .call(let call) = fact.content { return (call, fact.words) }
        }
        return nil
    }

    @Test func withoutNamesANotificationIsPassedOnWhole() throws {
        let marked = try #require(call(hook("ctibridge_call=c1&etat=JOINED&n=%E9")))
        #expect(marked.call.step == .remark)
        #expect(marked.words.event == "etat=JOINED&n=é")
        #expect(marked.call.reference == .keys([CallKey(source, "placement", "c1")]))
        // Appended by somebody who did not look whether there was a query.
        #expect(call(hook("ctibridge_call=c1?etat=JOINED"))?.words.event == "etat=JOINED")
        #expect(call(hook("ctibridge_call=c1", body: Array("etat=JOINED\r\n".utf8)))?.words.event == "etat=JOINED")
    }

    @Test(arguments: [
        ("sonne", CallFact.Step.ringing), ("SONNE", .ringing), (" sonne ", .ringing),
        ("parle", .connected(nil)), ("autre", .remark), ("", .remark),
    ])
    func wordsMeanWhatIsConfigured(_ word: String, _ step: CallFact.Step) throws {
        let decoded = hook("cid=n1&conf=c9&etat=\(percentEncoded(word))") {
            $0.notifications.call = "cid"
            $0.notifications.conference = "conf"
            $0.notifications.state = "etat"
            $0.notifications.words = ["sonne": .state(.ringing), "parle": .state(.connected)]
        }
        let told = try #require(call(decoded))
        #expect(told.call.step == step)
        #expect(told.call.reference == .keys([CallKey(source, "callid", "n1")]))
        #expect(told.words.session == "c9")
        #expect(decoded.facts.count == (step == .remark ? 2 : 1))
    }

    @Test func meaningsAreStatesAndOutcomes() {
        #expect(OrangeNotifications.Meaning("ringing") == .state(.ringing))
        #expect(OrangeNotifications.Meaning("no_answer") == .ended(.noAnswer))
        #expect(OrangeNotifications.Meaning("queued") == nil)
        #expect(OrangeNotifications.Meaning("RINGING") == nil)
    }
}
