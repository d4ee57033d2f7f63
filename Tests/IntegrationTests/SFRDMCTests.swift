import Foundation
import Testing

/// SFR Business DMC: reports that come by POST.
@Suite struct SFRDMCTests {
    @Test(arguments: ["xml", "json"])
    func callsAndTexts(format: String) async throws {
        let five = try await FiveProviders(["--sfr-dmc-format", format])
        let daemon = try await five.site.start()
        for line in [
            #"{"to":"+33639980041","call":"c","status":"ESTABLISHED"}"#,
            #"{"to":"+33639980041","call":"c","status":"ENDED","time":9,"amd":"human","vxml_info":{},"times":2}"#,
            #"{"to":"+33639980043","call":"b","status":"ERROR","code":"CRA_VOCAL_BUSY"}"#,
            #"{"to":"+33639980044","call":"v","status":"ESTABLISHED"}"#,
            #"{"to":"+33639980044","call":"v","status":"TRANSFERED","transfer":"+33199000041"}"#,
            #"{"to":"+33639980044","call":"v","status":"ENDED","history":"cumulative"}"#,
            #"{"medium":"sms","to":"+33639980042","call":"s","status":"SENT"}"#,
            #"{"medium":"sms","to":"+33639980042","call":"s","status":"ANSWERED","info":"Bien reçu"}"#,
            #"{"medium":"sms","to":"+33639980042","call":"s","status":"RECEIVED"}"#,
            #"{"medium":"sms","to":"+33639980042","call":"s","status":"ANSWERED","info":"Non"}"#,
        ] {
            try five.play(#"{"at":0,"sfr-dmc":\#(line)}"#)
        }
        let isOver = try await eventually {
            let events = try five.events("sfr-dmc/campaigns")
            return events.filter { $0.type == "call.summary" }.count == 3
                && events.filter { $0.type == "message.received" }.count == 2
                && events.filter { $0.type == "message.status" }.count == 2
        }
        let events = try five.events("sfr-dmc/campaigns")
        #expect(isOver, "\(events.map(\.type))")
        let summaries = events.filter { $0.type == "call.summary" }
        #expect(summaries.map(\.outcome).sorted { $0 ?? "" < $1 ?? "" } == ["answered", "busy", "transferred"])
        let answered = try #require(summaries.first { $0.outcome == "answered" })
        #expect(
            answered.text.contains(#""answered_by":"person""#) && answered.text.contains(#""direction":"outbound""#))
        #expect(events.filter { $0.subject == answered.subject && $0.type == "call.ended" }.count == 1)
        #expect(events.contains { $0.type == "call.transferred" && $0.text.contains("+33199000041") })
        // A reply is a message to us, and no call was answered by it.
        let message = try #require(events.first { $0.type == "message.status" }?.subject)
        let replies = events.filter { $0.type == "message.received" }
        #expect(replies.allSatisfy { $0.text.contains(#""reply_to":"\#(message)""#) })
        #expect(Set(replies.map(\.subject)).count == 2)
        #expect(replies.contains { $0.text.contains("Bien reçu") } && replies.contains { $0.text.contains("Non") })
        #expect(Set(events.filter { $0.type.hasPrefix("call.") }.map(\.subject)).count == 3)
        daemon.signal(SIGTERM)
        #expect(await daemon.exitCode(within: 3) == 0)
    }

    /// A refusal would bring nothing back: what cannot be read is kept as it came.
    @Test func damagedReportsAreKeptRawAndAnswered200() async throws {
        let five = try await FiveProviders()
        let daemon = try await five.site.start()
        let damaged = [
            #"{« status_report »:{« username »: »123456789″, « sms »:[ marker-typographic ]}}"#,
            #"<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "marker-entity">]><status_report><sms to="&x;"/></status_report>"#,
            #"<status_report username="1"><call to="+33639980041" status="marker-cut"#,
            #"username=1&status=marker-form"#,
            #"<status_report>\#(String(repeating: "<a>", count: 200))marker-deep"#,
            #"[[[{"marker-shape":1}]]]"#,
        ]
        for body in damaged { #expect(try five.report(body, type: "application/x-www-form-urlencoded") == 200) }
        for marker in ["typographic", "entity", "cut", "form", "deep", "shape"] {
            #expect(try five.keeps("marker-\(marker)"), "\(marker)")
        }
        let sources = try PlainHTTP.get(five.site.api, "/v1/sources").body
        #expect(sources.contains(#""source":"sfr-dmc/campaigns","state":"passive""#))
        let events = try five.events("sfr-dmc/campaigns")
        #expect(events.contains { $0.type == "source.unparsed" })
        #expect(events.allSatisfy { $0.type.hasPrefix("source.") }, "\(events.map(\.type))")
        // And it goes on: the format is told by the first byte, whatever the header says.
        #expect(
            try five.report(
                "\u{FEFF}\r\n " + #"<status_report username="1"><call to="+33639980041" status="ENDED" call_id="1"/>"#
                    + "</status_report>", type: "application/json") == 200)
        #expect(try five.events("sfr-dmc/campaigns").contains { $0.type == "call.ended" })
        _ = daemon
    }

    @Test func whatIsRefused() async throws {
        let five = try await FiveProviders()
        let daemon = try await five.site.start()
        let path = "/hooks/sfr-dmc/campaigns/\(FiveProviders.sfrSecret)"
        #expect(try five.report("<status_report/>", secret: FiveProviders.orangeSecret) == 404)
        #expect(try PlainHTTP.get(five.site.hooks, path).status == 405)
        let large = try PlainHTTP.request("POST", five.site.hooks, path, headers: ["Content-Length: 20000000"])
        #expect(large.status == 413)
        #expect(await eventually { daemon.errors.contains("whose body is too large") })
        // A mailing of ten thousand takes more than two megabytes, and is none of these.
        let sms = "<sms to=\"+33639980041\" status=\"SENT\" call_id=\"1\" date=\"2026-01-05 10:00:00\"/>"
        let remark = "<!--\(String(repeating: " ", count: 3 << 20))-->"
        #expect(try five.report("<status_report username=\"1234\">\(remark)\(sms)</status_report>") == 200)
        #expect(try five.site.events().contains { $0.type == "message.status" })
        #expect(try five.report("<status_report/>") == 200)
        _ = daemon
    }

    /// What was answered 200 is there after the crash, and what could not be kept was not answered 200 and is told as a
    /// gap as soon as there is room again.
    @Test func aJournalThatCannotGrowIsAnswered503() async throws {
        let five = try await FiveProviders()
        let site = five.site
        let daemon = try await site.startWithLittleRoom()
        let api = site.api
        let padding = String(repeating: "x", count: 100_000)
        var acknowledged = 0
        var refused: Int?
        for number in 1...40 where refused == nil {
            let status = try five.report(
                #"<status_report username="1"><sms to="+33639980042" status="SENT" call_id="\#(number)" "#
                    + #"date="2026-11-21T08:00:00Z"/><!--\#(padding)--></status_report>"#)
            if status == 200 { acknowledged += 1 } else { refused = status }
        }
        #expect(refused == 503 && acknowledged > 0)
        #expect(await eventually { ((try? PlainHTTP.get(api, "/readyz").status) ?? 0) == 503 })
        // There is room again: it goes on by itself, and tells of what was refused meanwhile.
        try await Site.makeRoom(for: daemon)
        #expect(await eventually { ((try? PlainHTTP.get(api, "/readyz").status) ?? 0) == 200 })
        let isTold = try await eventually {
            try five.events("sfr-dmc/campaigns").contains { $0.type == "source.gap" }
        }
        let gaps = try five.events("sfr-dmc/campaigns").filter { $0.type == "source.gap" }
        #expect(isTold && gaps.count == 1)
        #expect(gaps.first?.text.contains(#""from":""#) == true && gaps.first?.text.contains(#""to":""#) == true)
        #expect(gaps.first?.text.contains("notifications were refused and are not repeated") == true)
        let last =
            #"<status_report username="1"><sms to="+33639980042" status="SENT" call_id="last"/></status_report>"#
        #expect(try five.report(last) == 200)
        acknowledged += 1
        daemon.signal(SIGKILL)
        #expect(await daemon.exitCode() != nil)
        let next = try await site.start()
        let messages = try five.events("sfr-dmc/campaigns").filter { $0.type == "message.status" }
        #expect(messages.count == acknowledged)
        #expect(Set(messages.map(\.subject)).count == messages.count)
        _ = next
    }
}
