import CallModel
import Providers
import Testing

/// Whatever comes is answered by facts, in bounded time.
struct SFRDMCHostileTests {
    @Test(arguments: [
        ("", "empty body"), (" \u{FEFF}\n", "empty body"), ("to=%2B33&status=SENT", "unknown format"),
        ("\u{0}", "unknown format"), ("{", "unreadable JSON"), ("[1,", "unreadable JSON"), ("<", "unreadable XML"),
        ("<status_report username=”1”/>", "unreadable XML"), ("{« status_report »:{}}", "unreadable JSON"),
        ("<!DOCTYPE a [<!ENTITY e 'x'>]><status_report/>", "unreadable XML"), ("{}", "no status report"),
        ("[7]", "no status report"), ("<other/>", "no status report"), ("<status_report/>", "empty report"),
        (#"{"status_report":{"sms":[]}}"#, ""), (#"{"status_report":{"sms":[7]}}"#, "report of no known shape"),
        (#"{"status_report":{"sms":{"call_id":"1"}}}"#, "report without a status"),
        (#"{"status_report":{"sms":{"status":"SENT"}}}"#, "report without a call_id"),
    ])
    func damageIsCountedAndNeverRefused(_ body: String, _ kind: String) {
        let decoded = SFRDMCDecoder(settings: .init(numbers: NumberPlan(country: "FR"))).decode(
            Delivery(source: DMCReports.source, observed: Fixture.start, kind: .webhook, body: Array(body.utf8)))
        #expect(DMCReports.kinds(decoded.facts) == (kind.isEmpty ? [] : [kind]))
        #expect(decoded.facts.count == (kind.isEmpty ? 0 : 1))
        #expect(decoded.refusal == nil)
    }

    @Test(arguments: ["12345678901234567890ab", "0x1234567890123456789012", "1234567890123456789012"])
    func anOddIdCostsNoReportBesideIt(_ id: String) {
        let good = #"{"to":"+33639980042","status":"DELIVERED","call_id":"77","date":"2026-01-05 10:00:00"}"#
        let odd = #"{"to":"+33639980041","status":"DELIVERED","call_id":\#(id),"date":"2026-01-05 10:00:00"}"#
        let facts = DMCReports.facts(#"{"status_report":{"username":"1","sms":[\#(odd),\#(good)]}}"#)
        let messages = facts.filter { DMCReports.message($0) != nil }
        #expect(messages.map { DMCReports.message($0)?.remote?.number } == ["+33639980041", "+33639980042"])
        #expect(messages.map(\.words.call) == [id, "77"])
    }

    @Test(arguments: ["<status_report username='1'>", #"{"status_report":{"sms":["#, "x"])
    func twentyMegabytesAreNotRead(_ start: String) {
        let body = Array(start.utf8) + [UInt8](repeating: UInt8(ascii: " "), count: 20 << 20)
        #expect(DMCReports.kinds(DMCReports.facts(body)) == ["body too large"])
    }

    @Test func tenThousandElementsAreReadOrCounted() {
        // As long as they are on the wire: more than two megabytes in all.
        let reports = (0..<10_000).map { index in
            "<sms to='+33639980041' status='SENT' call_id='\(30_020_008_248_120 + index)' broadcast_id='114456' "
                + "contact_id='102668607' ref_externe='654321' space_id='521' date='2026-01-05 10:00:00'>"
                + "<status date='2026-01-05 10:00:00' type='SENT'/></sms>"
        }.joined()
        #expect(reports.utf8.count > 2 << 20)
        #expect(DMCReports.facts("<status_report username='1'>\(reports)</status_report>").count == 10_000)
        let more = String(repeating: "<sms/>", count: 50_000)
        #expect(DMCReports.kinds(DMCReports.facts("<status_report>\(more)</status_report>")) == ["unreadable XML"])
        let entries = String(repeating: #"{"type":"SENT"},"#, count: 20_000)
        let list = #"{"status_report":{"sms":{"call_id":"1","status_list":[\#(entries){"type":"SENT"}]}}}"#
        #expect(DMCReports.kinds(DMCReports.facts(list)) == ["too many reports"])
    }

    @Test func depthIsBounded() {
        let xml = String(repeating: "<status_report>", count: 50_000)
        #expect(DMCReports.kinds(DMCReports.facts(xml)) == ["unreadable XML"])
        let json = String(repeating: "[", count: 200_000)
        #expect(DMCReports.kinds(DMCReports.facts(json)) == ["unreadable JSON"])
        let objects = String(repeating: #"{"status_report":"#, count: 50_000)
        #expect(DMCReports.kinds(DMCReports.facts(objects)) == ["unreadable JSON"])
    }

    @Test func everyPrefixOfAReportGivesFacts() {
        let xml =
            "<?xml version=\"1.0\"?><status_report username=\"1\"><call to=\"+33199000041\" status=\"ENDED\" "
            + "call_id=\"1\"><status type=\"ENDED\" time=\"9\"/><vxml_info voicemail=\"false\"/></call></status_report>"
        let json = #"{"status_report":{"sms":[{"to":"+33639980070","call_id":1,"status":"SENT"}]}}"#
        for text in [xml, json] {
            let bytes = Array(text.utf8)
            for count in bytes.indices {
                let facts = DMCReports.facts(Array(bytes[..<count]))
                #expect(DMCReports.kinds(facts).count == 1 && facts.count == 1)
            }
            #expect(DMCReports.kinds(DMCReports.facts(bytes)) == [])
        }
    }

    @Test(arguments: ["-1", "1e999", "nan", "inf", "9999999999999999999999", "0x9", "", "neuf"])
    func absurdNumbersAreAbsent(_ number: String) {
        let call = DMCReports.call(
            DMCReports.call(
                "ENDED",
                "<status type='ENDED' time='\(number)'/><vxml_info start='\(number)' end='\(number)'/>"
            ).last)
        #expect(call?.talked == nil || call?.talked == .seconds(9))
        let fax = DMCReports.facts(
            "<status_report><fax status='SENT' call_id='1' size='\(number)' page='\(number)'/></status_report>")
        #expect(DMCReports.message(fax.last)?.pages == nil)
        #expect(DMCReports.message(fax.last)?.size == nil)
    }

    @Test func idsDoNotCollide() {
        func id(_ user: String, _ call: String) -> FactID? {
            DMCReports.facts(
                "<status_report username='\(user)'><sms status='SENT' call_id='\(call)'/></status_report>"
            ).last?.id
        }
        #expect(Set([id("1", "23"), id("12", "3"), id("", "123")]).count == 3)
    }
}
