import CallModel
import Providers
import Testing

/// DMC guide 1.7 and the pushCRA help page: messages, their histories, identities and repetitions.
struct SFRDMCMessageTests {
    private func sms(_ members: String) -> [Fact] {
        DMCReports.facts(
            #"{"status_report":{"username":"1","sms":[{"to":"+33639980070","call_id":"5bc9",\#(members)}]}}"#)
    }

    @Test(arguments: [
        ("SUBMITTED", MessageReport.Status.accepted), ("CONVERTED", .converted), ("SENT", .sent),
        ("RECEIVED", .delivered), ("CLICK", .opened), ("ERROR", .failed), ("ABORTED", .failed), ("sent", .sent),
    ])
    func wordsAreStatuses(_ word: String, _ status: MessageReport.Status) {
        let facts = sms(#""status":"\#(word)""#)
        #expect(facts.count == 1)
        #expect(DMCReports.message(facts.last)?.kind == .status(status))
        #expect((DMCReports.message(facts.last)?.cause != nil) == (status == .failed))
    }

    @Test(arguments: ["ESTABLISHED", "ENDED", "TRANSFERED", "READ"])
    func otherWordsPassThrough(_ word: String) {
        let facts = sms(#""status":"\#(word)""#)
        #expect(DMCReports.kinds(facts) == ["unknown status"])
        #expect(DMCReports.message(facts.last)?.kind == .status(.unknown))
        #expect(facts.last?.words.event == word)
    }

    @Test func anAnswerIsAMessageToUs() {
        let sent = DMCReports.message(sms(#""status":"SENT""#).last)
        let facts = sms(#""status":"ANSWERED","status_list":[{"type":"ANSWERED","info":"Bien reçu"}]"#)
        #expect(facts.count == 1)
        let answer = DMCReports.message(facts.last)
        #expect(answer?.kind == .received(text: "Bien reçu", keyword: nil, replyTo: sent?.message))
        #expect(answer?.message != sent?.message)
        #expect(DMCReports.call(facts.last) == nil)
    }

    @Test func twoAnswersAreTwoAndARepetitionIsOne() {
        func answer(_ info: String, _ time: String) -> FactID? {
            sms(#""status":"ANSWERED","status_list":[{"type":"ANSWERED","info":"\#(info)","date":"\#(time)"}]"#).last?
                .id
        }
        let ids = [
            answer("Ok", "2026-01-05T09:00:00Z"), answer("Ok", "2026-01-05T09:00:04Z"),
            answer("Oui", "2026-01-05T09:00:00Z"), answer("Ok", "2026-01-05 10:00:00CET"),
        ]
        #expect(Set(ids).count == 3)
        #expect(ids[0] == ids[3])
    }

    @Test(arguments: [
        #""ref_externe":"","contact_id":"2453821632""#, #""ref_externe":null,"contact_id":2453821632"#,
        #""contact_id":2453821632"#, #""REF_EXTERNE":" ","Contact_ID":"2453821632""#,
    ])
    func idsAreTheSameInEveryForm(_ members: String) {
        let facts = sms(#""status":"SENT",\#(members)"#)
        #expect(facts == sms(#""status":"SENT","contact_id":"2453821632""#))
        #expect(DMCReports.message(facts.last)?.campaign == .init(contact: "2453821632"))
        #expect(DMCReports.message(facts.last)?.reference == nil)
    }

    @Test func theNumberIsNoPartOfAMessage() {
        let one = DMCReports.message(sms(#""status":"SENT""#).last)
        let other = DMCReports.message(sms(#""status":"RECEIVED","to":"+33639980074""#).last)
        #expect(one?.message == other?.message)
    }

    @Test func oneIdOfTwoMediaIsTwoThings() {
        let facts = DMCReports.facts(
            "<status_report username='1'><fax to='+33199000041' status='SENT' call_id='1'/>"
                + "<sms to='+33199000041' status='SENT' call_id='1'/>"
                + "<call to='+33199000041' status='SENT' call_id='1'/></status_report>")
        #expect(facts.count == 3)
        #expect(Set(facts.map(\.id)).count == 3)
        #expect(Set(facts.compactMap { DMCReports.message($0)?.message }).count == 2)
        #expect(facts.compactMap { DMCReports.call($0) }.count == 1)
    }

    @Test func aHistoryIsToldEntryByEntry() {
        let facts = sms(
            #""status":"RECEIVED","date":"2026-01-05T09:00:02Z","status_list":[{"type":"SENT","date":"2026-01-05T09:00:01Z"}"#
                + #",{"type":"RECEIVED"}]"#)
        #expect(facts.map(\.words.event) == ["SENT", "RECEIVED"])
        // An entry without a date is the last one, which the report dates.
        #expect(facts.last?.time == Timestamp(rfc3339: "2026-01-05T09:00:02Z"))
        #expect(facts.first?.id == sms(#""status":"SENT","date":"2026-01-05T09:00:01Z""#).first?.id)
    }

    @Test func aStatusThatItsHistoryLeavesOutIsNotLost() {
        let facts = sms(#""status":"RECEIVED","status_list":[{"type":"SENT"}]"#)
        #expect(facts.map(\.words.event) == ["SENT", "RECEIVED"])
    }

    @Test(arguments: [
        ("sms", "+33639980070", Party.Kind.e164), ("mail", "contact@example.fr", .email),
        ("notif", "0639980070", .unknown), ("fax", "0199000041", .e164), ("sms", "38000", .short),
    ])
    func theOtherSideIsOfItsMedium(_ medium: String, _ to: String, _ kind: Party.Kind) {
        let facts = DMCReports.facts(
            "<status_report username='1'><\(medium) to='\(to)' status='SENT' call_id='1'/></status_report>")
        #expect(DMCReports.message(facts.last)?.remote?.kind == kind)
        #expect(DMCReports.message(facts.last)?.remote?.raw == to)
    }

    @Test func anUnknownMediumPassesThrough() {
        let facts = DMCReports.facts(
            "<status_report username='1'><RCS to='x' status='SENT' call_id='1'/></status_report>")
        #expect(DMCReports.kinds(facts) == ["unknown medium"])
        #expect(DMCReports.message(facts.last)?.medium == "rcs")
    }

    @Test(arguments: [true, false])
    func lettersSurviveInBothCharsets(_ isLatin: Bool) {
        let letter: [UInt8] = isLatin ? [0xE7] : Array("ç".utf8)
        let xml =
            Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?><status_report username=\"1\"><sms ".utf8)
            + Array("status=\"ANSWERED\" call_id=\"1\" info=\"re".utf8) + letter + Array("u\"/></status_report>".utf8)
        let json =
            Array(#"{"status_report":{"sms":{"status":"ANSWERED","call_id":"1","info":"re"#.utf8) + letter
            + Array(#"u"}}}"#.utf8)
        for body in [xml, json] {
            let fact = DMCReports.facts(body).last
            guard case .received(let text, _, _)? = DMCReports.message(fact)?.kind else { return unexpected() }
            #expect(text == "reçu")
            #expect(fact?.words.notes == (isLatin ? [.charsetAssumed] : []))
        }
    }
}
