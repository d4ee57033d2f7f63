import Foundation
import Testing

/// VoIPGRID tells about all calls once a URL is registered there, beside the calls that we place and ask about.
@Suite struct VoIPGRIDNotificationTests {
    /// As docs/configuration.md says how to do it by hand.
    private func register(_ five: FiveProviders) throws {
        let url = "http://127.0.0.1:\(five.site.hookPort)/hooks/voipgrid/sales/\(FiveProviders.voipgridSecret)"
        let reply = try PlainHTTP.request(
            "POST", .port(five.port), "/voipgrid/api/callnotification/callnotification/",
            headers: ["Content-Type: application/json", "Authorization: Basic YWdlbnRAZXhhbXBsZS5ubDp4"],
            body: #"{"target_url": "\#(url)", "event": "custom"}"#)
        #expect(reply.status == 201, "\(reply.body)")
    }

    @Test(arguments: ["2019", "2023"])
    func anInboundCallFromNotificationsAlone(shape: String) async throws {
        let five = try await FiveProviders(["--voipgrid-shape", shape])
        try register(five)
        let daemon = try await five.site.start()
        let targets =
            #"[{"account":234,"name":"Alice","number":"+31201234561"},{"account":456,"name":"Bob","number":"+31201234562"}]"#
        for (event, destination) in [
            ("created", #""+31201234560""#), ("ringing", #"{"number":"+31201234560","targets":\#(targets)}"#),
            ("ringing", #"{"number":"+31201234560","targets":\#(targets)}"#),
            ("in-progress", #"{"number":"+31201234560","account":456,"name":"Bob"}"#),
            ("ended", #"{"number":"+31201234560","account":456,"name":"Bob"}"#),
        ] {
            try five.play(
                #"{"at":0,"voipgrid":{"event":"\#(event)","call":"in","caller":"+33639980031","destination":\#(destination)}}"#
            )
        }
        let isOver = try await eventually {
            try five.events("voipgrid/sales").contains { $0.type == "call.summary" }
        }
        let calls = try five.events("voipgrid/sales").filter { $0.type.hasPrefix("call.") }
        #expect(isOver, "\(calls.map(\.type))")
        #expect(Set(calls.map(\.subject)).count == 1)
        #expect(calls.filter { $0.type == "call.ringing" }.count == 1)
        let summary = try #require(calls.last)
        #expect(summary.outcome == "answered" && summary.text.contains(#""direction":"inbound""#))
        #expect(summary.text.contains(#""number":"+33639980031""#))
        // Nobody was asked: there is no public link between its ids and those of click-to-dial.
        #expect(try five.asked("/voipgrid/api/clicktodial/") == 0)
        _ = daemon
    }

    /// The answer to our request first, as a rule; or late, when its call is connected already.
    @Test(arguments: [0, 1_500])
    func aClickToDialAndItsNotificationsAreOneCall(answerIsLateBy delay: Int) async throws {
        let five = try await FiveProviders()
        try register(five)
        let daemon = try await five.site.start()
        try five.play(
            #"{"at":0,"voipgrid":{"notifications":true,"status":[{"after":0,"status":"dialing_a"},"#
                + #"{"after":300,"status":"dialing_b"},{"after":900,"status":"connected"},"#
                + #"{"after":3000,"status":"disconnected"}]}}"#)
        if delay > 0 {
            try five.fail(
                #"{"provider":"voipgrid","kind":"delay","value":\#(delay),"when":"after","method":"POST","count":1}"#)
        }
        let reply = try five.order("/v1/calls", #"{"source":"sales","to":"+33639980077"}"#)
        #expect(reply.status == 202, "\(reply.body)")
        let isOver = try await eventually {
            try five.events("voipgrid/sales").contains { $0.type == "call.summary" }
        }
        let calls = try five.events("voipgrid/sales").filter { $0.type.hasPrefix("call.") }
        #expect(isOver, "\(calls.map(\.type))")
        #expect(Set(calls.map(\.subject)).count == 1, "\(calls.map(\.text))")
        #expect(calls.last?.outcome == "answered")
        #expect(reply.body.contains(try #require(calls.first).subject))
        for type in ["call.ringing", "call.connected", "call.ended", "call.summary"] {
            #expect(calls.filter { $0.type == type }.count == 1, "\(type)")
        }
        #expect(try PlainHTTP.get(.port(five.port), "/control/log").body.contains("in-progress"))
        _ = daemon
    }

    /// Somebody dials at the telephone itself: that is not the call that we placed to somebody else.
    @Test func anotherOutboundCallIsAnotherCall() async throws {
        let five = try await FiveProviders()
        try register(five)
        let daemon = try await five.site.start()
        #expect(try five.order("/v1/calls", #"{"source":"sales","to":"+33639980077"}"#).status == 202)
        try five.play(
            #"{"at":0,"voipgrid":{"event":"ringing","call":"own","direction":"outbound","caller":"238","#
                + #""destination":"+33639980078"}}"#)
        let areTwo = try await eventually {
            let calls = try five.events("voipgrid/sales").filter { $0.type.hasPrefix("call.") }
            return Set(calls.map(\.subject)).count == 2
        }
        #expect(areTwo)
        _ = daemon
    }

    @Test func whatCannotBeReadIsKeptAndAnswered200() async throws {
        let five = try await FiveProviders()
        let daemon = try await five.site.start()
        let path = "/hooks/voipgrid/sales/\(FiveProviders.voipgridSecret)"
        let headers = ["Content-Type: application/json"]
        for body in [#"{"call_id": "marker-cut"#, #"["marker-list"]"#, #"{"status":"marker-without-call"}"#] {
            #expect(
                try PlainHTTP.request("POST", five.site.hooks, path, headers: headers, body: body).status == 200)
        }
        #expect(try five.keeps("marker-cut") && five.keeps("marker-list") && five.keeps("marker-without-call"))
        #expect(try five.events("voipgrid/sales").contains { $0.type == "source.unparsed" })
        _ = daemon
    }
}
