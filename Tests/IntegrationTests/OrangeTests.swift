import Foundation
import Testing

/// The Orange API: orders to it, and what it sends to us.
@Suite struct OrangeTests {
    // MARK: - A source that must be wanted

    @Test func aClosedInterfaceIsOffUntilItIsSwitchedOn() async throws {
        let five = try await FiveProviders(orange: "")
        let daemon = try await five.site.start()
        #expect(daemon.errors.contains("is off unless it says enabled: true"), "\(daemon.errors)")
        #expect(try !PlainHTTP.get(five.site.api, "/v1/sources").body.contains("orange/legacy"))
        #expect(
            try PlainHTTP.get(
                five.site.hooks, "/hooks/orange/legacy/\(FiveProviders.orangeSecret)?from=33639980051&content=A"
            ).status == 404)
        #expect(try five.order("/v1/calls", #"{"source":"legacy","to":"0639980300"}"#).status >= 400)

        try five.configure()
        daemon.signal(SIGHUP)
        let isOn = try await eventually {
            let sources = try PlainHTTP.get(five.site.api, "/v1/sources").body
            return sources.contains(#""source":"orange/legacy""#) && sources.contains(#""legacy":true"#)
        }
        #expect(isOn)
        #expect(daemon.errors.contains("a source of an interface that its provider has closed"))
        #expect(try five.asked("/orange/") == 0)
    }

    // MARK: - Calls

    @Test func acceptedAndReleased() async throws {
        let five = try await FiveProviders()
        let daemon = try await five.site.start()
        let body = #"{"source":"legacy","to":"06 39 98 03 00"}"#
        let reply = try five.order("/v1/calls", body, key: "k1")
        #expect(reply.status == 202, "\(reply.body)")
        let id = try FiveProviders.member("id", of: reply)
        #expect(try five.order("/v1/calls", body, key: "k1").body == reply.body)
        #expect(try five.asked("/orange/call/createCall.xml") == 1)
        #expect(try five.asked("from=33199000050&to=33639980300") == 1)
        let initiated = try #require(try five.events("orange/legacy").first { $0.subject == id })
        #expect(initiated.type == "call.initiated" && initiated.text.contains(#""number":"+33639980300""#))

        #expect((200..<300).contains(try PlainHTTP.request("DELETE", five.site.api, "/v1/calls/\(id)").status))
        #expect(try five.asked("/orange/call/releaseCall.xml") == 1)
        let isOver = try await eventually {
            try five.events("orange/legacy").contains { $0.subject == id && $0.type == "call.summary" }
        }
        #expect(isOver)
        // Nothing says whether the two talked.
        #expect(try five.events("orange/legacy").last { $0.subject == id }?.outcome == "unknown")
        _ = daemon
    }

    /// Claimed before the provider is asked: whoever comes second finds the claim, whether there is an answer yet or
    /// not.
    @Test func requestsWithOneKeyMakeOneConference() async throws {
        let five = try await FiveProviders()
        let daemon = try await five.site.start()
        let body = #"{"source":"legacy","access":"room","duration_minutes":20}"#
        let replies = try await withThrowingTaskGroup(of: PlainHTTP.Reply.self) { group in
            for _ in 0..<8 { group.addTask { try five.order("/v1/conferences", body, key: "conf-1") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(replies.allSatisfy { [201, 504].contains($0.status) }, "\(replies.map(\.status))")
        #expect(try five.asked("createConference.xml") == 1)
        let made = try #require(replies.first { $0.status == 201 })
        #expect(try five.order("/v1/conferences", body, key: "conf-1").body == made.body)
        #expect(try five.asked("createConference.xml") == 1)
        _ = daemon
    }

    @Test func refused() async throws {
        let five = try await FiveProviders()
        let daemon = try await five.site.start()
        let reply = try five.order("/v1/calls", #"{"source":"legacy","to":"+33639980301"}"#)
        #expect(reply.status == 502 && reply.body.contains("authorization required"), "\(reply.body)")
        #expect(try five.order("/v1/calls", #"{"source":"legacy","to":"+33639980310"}"#).status == 502)
        let isOver = try await eventually {
            try five.events("orange/legacy").filter { $0.type == "call.summary" }.map(\.outcome) == [
                "failed", "failed",
            ]
        }
        #expect(isOver)
        // A call that the provider does not name cannot be ended by us.
        let nameless = try five.order("/v1/calls", #"{"source":"legacy","to":"+33639980306"}"#)
        #expect(nameless.status == 202)
        let id = try FiveProviders.member("id", of: nameless)
        #expect(try PlainHTTP.request("DELETE", five.site.api, "/v1/calls/\(id)").status == 409)
        // What the provider refuses to release goes on.
        try five.play(#"{"at":0,"orange":{"answer":"releaseCall","code":404,"message":"unknown call"}}"#)
        let other = try FiveProviders.member(
            "id", of: try five.order("/v1/calls", #"{"source":"legacy","to":"+33639980300"}"#))
        #expect(try PlainHTTP.request("DELETE", five.site.api, "/v1/calls/\(other)").status == 502)
        #expect(try five.events("orange/legacy").allSatisfy { $0.subject != other || $0.type != "call.ended" })
        _ = daemon
    }

    /// What the placer itself will not send is the caller's mistake, asked again too, and no provider is asked.
    @Test func aNumberThatCannotBeSentIsTheCallersMistake() async throws {
        let five = try await FiveProviders()
        let daemon = try await five.site.start()
        for _ in 0..<2 {
            let reply = try five.order("/v1/calls", #"{"source":"legacy","to":"20345"}"#, key: "short")
            #expect(reply.status == 422 && reply.body.contains("invalid-call"), "\(reply.body)")
        }
        #expect(
            try five.order("/v1/conferences", #"{"source":"legacy","access":"caller","duration_minutes":5}"#).status
                == 422)
        let text = try five.order("/v1/messages", #"{"source":"legacy","to":"0999","text":"x"}"#)
        #expect(text.status == 422 && text.body.contains("invalid-order"), "\(text.body)")
        #expect(try await five.client(["dial", "--source", "legacy", "20345"]).code == 64)
        #expect(try five.asked("/orange/") == 0)
        #expect(
            try five.events("orange/legacy").filter { $0.type == "call.ended" }.map(\.outcome) == ["failed", "failed"])
        _ = daemon
    }

    /// Whether the call was released, nobody knows; to ask again does no harm.
    @Test func aReleaseWithoutAnAnswerIsUnknown() async throws {
        let five = try await FiveProviders()
        let daemon = try await five.site.start()
        let id = try FiveProviders.member(
            "id", of: try five.order("/v1/calls", #"{"source":"legacy","to":"+33639980300"}"#))
        try five.fail(#"{"provider":"orange","kind":"cut","when":"after","count":1}"#)
        let hangup = try await five.client(["hangup", id])
        #expect(hangup.code == 75, "\(hangup.errors)")
        #expect(try five.events("orange/legacy").allSatisfy { $0.subject != id || $0.type != "call.ended" })
        _ = daemon
    }

    /// Killed while it waits for the answer: whoever called is known all the same.
    @Test func aCallWhoseAnswerWasLostInACrashKeepsItsTwoSides() async throws {
        let five = try await FiveProviders()
        let daemon = try await five.site.start()
        try five.fail(#"{"provider":"orange","kind":"delay","value":8000,"when":"after","count":1}"#)
        async let dial = five.client(["dial", "--source", "legacy", "0639980300"])
        #expect(try await eventually { try five.asked("/orange/call/createCall.xml") == 1 })
        daemon.signal(SIGKILL)
        #expect(await daemon.exitCode() != nil)
        _ = try await dial
        let next = try await five.site.start()
        let isBack = try await eventually {
            try five.events("orange/legacy").contains { $0.type == "call.initiated" }
        }
        #expect(isBack)
        let call = try #require(try five.events("orange/legacy").first { $0.type == "call.initiated" })
        #expect(call.text.contains(#""remote":{"number":"+33639980300""#), "\(call.text)")
        #expect(call.text.contains(#""local":{"number":"+33199000050""#), "\(call.text)")
        #expect(call.text.contains(#""basis":"inferred""#))
        _ = next
    }

    /// The connection is cut after the order was carried out: nobody knows, and nobody asks again.
    @Test func unknownAndNotRepeated() async throws {
        let five = try await FiveProviders()
        let daemon = try await five.site.start()
        try five.fail(#"{"provider":"orange","kind":"cut","when":"after","count":1}"#)
        let dial = try await five.client(["dial", "--source", "legacy", "--idempotency-key", "u1", "0639980300"])
        #expect(dial.code == 75, "\(dial.errors)")
        let again = try await five.client(["dial", "--source", "legacy", "--idempotency-key", "u1", "0639980300"])
        #expect(again.code == 75, "\(again.errors)")
        #expect(try five.asked("/orange/call/createCall.xml") == 1)
        let calls = try five.events("orange/legacy").filter { $0.type.hasPrefix("call.") }
        #expect(calls.map(\.type) == ["call.initiated"])
        #expect(calls.first?.text.contains(#""basis":"inferred""#) == true)
        daemon.signal(SIGKILL)
        #expect(await daemon.exitCode() != nil)
        let next = try await five.site.start()
        let later = try await five.client(["dial", "--source", "legacy", "--idempotency-key", "u1", "0639980300"])
        #expect(later.code == 75, "\(later.errors)")
        #expect(try five.asked("/orange/call/createCall.xml") == 1)
        _ = next
    }

    // MARK: - Conferences

    @Test(arguments: ["", "--orange-notify=post"])
    func aConferenceOverTheAPI(option: String) async throws {
        let five = try await FiveProviders(option.isEmpty ? [] : [option])
        let daemon = try await five.site.start()
        let body =
            #"{"source":"legacy","access":"room+caller","numbers":["0639980310, 0639980311"],"duration_minutes":5}"#
        let created = try five.order("/v1/conferences", body, key: "c1")
        #expect(created.status == 201, "\(created.body)")
        #expect(try five.order("/v1/conferences", body, key: "c1").body == created.body)
        #expect(try five.asked("access_mode=room%2Bcaller&caller_numbers=33639980310%2C33639980311&duration=5") == 1)
        let conference = try FiveProviders.member("conference", of: created)
        #expect(
            try five.order("/v1/conferences", #"{"source":"legacy","access":"caller","duration_minutes":5}"#).status
                >= 400)
        #expect(try five.asked("createConference.xml") == 1)
        let added = try five.order(
            "/v1/conferences/\(conference)/callers", #"{"source":"legacy","numbers":["0639980312"]}"#)
        #expect(added.status == 200, "\(added.body)")

        let guests = #"{"source":"legacy","numbers":["0639980300","0639980301","0639980320"]}"#
        let called = try five.order("/v1/conferences/\(conference)/calls", guests, key: "g1")
        #expect(called.status == 202 && called.body.contains("authorization required"), "\(called.body)")
        #expect(try five.order("/v1/conferences/\(conference)/calls", guests, key: "g1").body == called.body)
        #expect(try five.asked("/orange/conf/createCall.xml") == 3)
        // One comes, one was refused by the provider, one refuses: each is a call of its own in one session.
        let isTold = try await eventually {
            let events = try five.events("orange/legacy")
            return events.contains { $0.type == "call.connected" }
                && Set(events.filter { $0.type == "call.ended" }.map(\.outcome)) == ["failed", "rejected"]
        }
        let events = try five.events("orange/legacy").filter { $0.type.hasPrefix("call.") }
        #expect(isTold, "\(events.map(\.type))")
        #expect(Set(events.map(\.subject)).count == 3)
        let sessions = events.compactMap { event in
            event.text.components(separatedBy: #""session":""#).dropFirst().first?.prefix(21)
        }
        #expect(sessions.count == events.count && Set(sessions).count == 1)
        _ = daemon
    }

    @Test func aConferenceByTheClient() async throws {
        let five = try await FiveProviders()
        let daemon = try await five.site.start()
        let create = try await five.client(
            ["conference", "create", "--source", "legacy", "--access", "room", "--minutes", "30"])
        #expect(create.code == 0, "\(create.errors)")
        let conference = try #require(create.lines.first)
        let add = try await five.client(["conference", "add", "--source", "legacy", conference, "0639980312"])
        #expect(add.code == 0, "\(add.errors)")
        let call = try await five.client(
            ["conference", "call", "--source", "legacy", conference, "0639980300", "0639980301"])
        #expect(call.code == 1 && call.lines.count == 1 && call.errors.contains("authorization required"))
        let strange = try await five.client(["conference", "add", "--source", "legacy", "no-such", "0639980312"])
        #expect(strange.code == 1, "\(strange.errors)")
        _ = daemon
    }

    /// Where others reach us is told to the provider with each guest, so a change of it must reach the source.
    @Test func anotherPublicURLIsToldToTheProvider() async throws {
        let five = try await FiveProviders()
        let daemon = try await five.site.start()
        let conference = try #require(
            try await five.client(["conference", "create", "--source", "legacy", "--minutes", "5"]).lines.first)
        let arguments = ["conference", "call", "--source", "legacy", conference, "0639980306"]
        #expect(try await five.client(arguments).code == 0)
        #expect(try five.asked("notification_url=http%3A%2F%2F127.0.0.1%3A\(five.site.hookPort)%2Fhooks") == 1)
        try five.configure(webhooks: ", public_url: https://cti.example.com")
        daemon.signal(SIGHUP)
        let isTold = try await eventually {
            _ = try await five.client(arguments)
            return try five.asked("notification_url=https%3A%2F%2Fcti.example.com%2Fhooks%2Forange") > 0
        }
        #expect(isTold)
        // The others are not touched by that.
        for source in ["keyyo/desk", "sfr-dmc/campaigns"] {
            #expect(try five.events(source).filter { $0.type == "source.up" }.count == 1)
        }
    }

    // MARK: - Texts

    @Test func aTextIsSentOnceAndFollowed() async throws {
        let five = try await FiveProviders()
        let daemon = try await five.site.start()
        let body = #"{"source":"legacy","to":"0639980300","text":"Café + 50 %"}"#
        let sent = try five.order("/v1/messages", body, key: "t1")
        #expect(sent.status == 202, "\(sent.body)")
        #expect(try five.order("/v1/messages", body, key: "t1").body == sent.body)
        #expect(try five.asked("content=Caf%C3%A9%20%2B%2050%20%25") == 1)
        let message = try FiveProviders.member("id", of: sent)
        let isFollowed = try await eventually {
            let own = try five.events("orange/legacy").filter { $0.subject == message }
            return own.contains { $0.text.contains(#""status":"delivered""#) }
        }
        #expect(isFollowed)
        let refused = try await five.client(["sms", "--source", "legacy", "0639980301", "hello"])
        #expect(refused.code == 1 && refused.errors.contains("authorization required"), "\(refused.errors)")
        let isFailed = try await eventually {
            try five.events("orange/legacy").contains { $0.text.contains(#""status":"failed""#) }
        }
        #expect(isFailed)
        #expect(try !five.keeps("Café + 50 %") && !five.keeps("Caf%C3%A9"))
        #expect(try five.events("orange/legacy").allSatisfy { !$0.type.hasPrefix("call.") })
        _ = daemon
    }

    @Test func textsComeIn() async throws {
        let five = try await FiveProviders(orange: "    enabled: true\n    duplicate_window: 1m")
        let daemon = try await five.site.start()
        try five.play(#"{"at":0,"orange":{"sms":"POLL 100% + é","from":"33639980051","to":"20345","times":2}}"#)
        try five.play(#"{"at":0,"orange":{"sms":"POLL é","from":"33639980051","escape":"latin-1","api":null}}"#)
        try five.play(#"{"at":0,"orange":{"mms":"photo","from":"33639980052"}}"#)
        try five.play(#"{"at":0,"orange":{"query":"api=receiveSMS&from=33639980051"}}"#)
        let haveCome = try await eventually {
            let events = try five.events("orange/legacy")
            return events.filter { $0.type == "message.received" }.count == 3
                && events.contains { $0.type == "source.unparsed" }
        }
        let received = try five.events("orange/legacy").filter { $0.type == "message.received" }
        #expect(haveCome, "\(received.map(\.text))")
        #expect(received.contains { $0.text.contains(#""text":"POLL 100% + é","keyword":"POLL""#) })
        #expect(received.contains { $0.text.contains(#""text":"POLL é""#) && $0.text.contains("charset_assumed") })
        #expect(received.contains { $0.text.contains(#""medium":"mms""#) })
        #expect(received.allSatisfy { $0.text.contains(#""number":"+3363998005"#) })
        _ = daemon
    }
}
