import Foundation
import Testing

/// The daemon against the simulator: every provider's protocol on real sockets.
@Suite struct ProviderTests {
    @Test func ovhVersionOne() async throws {
        let (simulator, port) = try await Site.startSimulator()
        let site = try Site(simulatorPort: port)
        let daemon = try await site.start()
        try await play(
            port,
            #"{"at":0,"ovh":{"event":"start_ringing","line":"0033199000001","calling":"0033639980001","called":"0033199000001","call":"one"}}"#
        )
        try await play(
            port,
            #"{"at":0,"ovh":{"event":"start_calling","line":"0033199000001","calling":"0033639980001","called":"0033199000001","call":"one"}}"#
        )
        try await play(
            port,
            #"{"at":0,"ovh":{"event":"end_calling","line":"0033199000001","calling":"0033639980001","called":"0033199000001","call":"one"}}"#
        )
        #expect(await eventually { (try? site.events().contains { $0.type == "call.summary" }) ?? false })
        let events = try site.events()
        let call = try #require(events.first { $0.type == "call.ended" }?.subject)
        #expect(events.first { $0.type == "call.summary" }?.outcome == "answered")
        #expect(events.filter { $0.subject == call }.last?.type == "call.summary")
        #expect(await noSecret(Site.token, site, daemon))
        daemon.signal(SIGTERM)
        #expect(await daemon.exitCode(within: 3) == 0)
        simulator.signal(SIGINT)
        #expect(await simulator.exitCode() == 0)
    }

    @Test func ovhVersionTwoRebuildsItsSession() async throws {
        let (simulator, port) = try await Site.startSimulator(["--hold", "1"])
        let site = try Site(simulatorPort: port, ovh: "api: v2")
        let daemon = try await site.start()
        // Each idle second ends the session; the daemon makes a new one and polls that. Nothing is wrong with that.
        let hasRebuilt = try await eventually {
            let log = try PlainHTTP.get(.port(port), "/control/log").body
            return log.components(separatedBy: "/subscribe/").count > 3
        }
        #expect(hasRebuilt)
        #expect(try !site.events().contains { $0.type == "source.down" || $0.type == "source.gap" })
        try await play(
            port,
            #"{"at":0,"ovh":{"event":"start_ringing","line":"0033199000001","calling":"0033639980001","called":"0033199000001","call":"two"}}"#
        )
        #expect(await eventually { (try? site.events().contains { $0.type == "call.ringing" }) ?? false })
        // A session that the provider forgot may have cost events, and that is said.
        let fault = try PlainHTTP.request(
            "POST", .port(port), "/control/fault", body: #"{"provider":"ovh","kind":"session-loss","count":1}"#)
        #expect((200..<300).contains(fault.status), "\(fault.body)")
        #expect(await eventually { (try? site.events().contains { $0.type == "source.gap" }) ?? false })
        _ = (simulator, daemon)
    }

    @Test func aProviderThatAnswersGarbageIsDownAndRecovers() async throws {
        let (simulator, port) = try await Site.startSimulator()
        let site = try Site(simulatorPort: port)
        _ = try PlainHTTP.request(
            "POST", .port(port), "/control/fault",
            body: #"{"provider":"ovh","kind":"garbage","count":3}"#)
        let daemon = try await site.start()
        let isDown = await eventually { (try? site.events().contains { $0.type == "source.down" }) ?? false }
        #expect(isDown)
        try await play(
            port,
            #"{"at":0,"ovh":{"event":"start_ringing","line":"0033199000001","calling":"0033639980001","called":"0033199000001","call":"three"}}"#
        )
        let isUp = try await eventually(within: 40) {
            try await play(
                port,
                #"{"at":0,"ovh":{"event":"start_ringing","line":"0033199000001","calling":"0033639980001","called":"0033199000001","call":"three"}}"#
            )
            return try site.events().contains { $0.type == "source.up" && $0.source == "ovh/paris" }
        }
        #expect(isUp)
        _ = (simulator, daemon)
    }

    @Test func voipgridIsFollowedAcrossARestart() async throws {
        let (simulator, port) = try await Site.startSimulator([
            "--voipgrid-password", Site.password, "--voipgrid-user", "agent@example.nl",
        ])
        let site = try Site(simulatorPort: port)
        let first = try await site.start()
        let reply = try PlainHTTP.request(
            "POST", site.api, "/v1/calls", headers: ["Content-Type: application/json", "Idempotency-Key: k1"],
            body: #"{"source":"sales","to":"+33639980077"}"#)
        #expect(reply.status == 202, "\(reply.body)")
        let again = try PlainHTTP.request(
            "POST", site.api, "/v1/calls", headers: ["Content-Type: application/json", "Idempotency-Key: k1"],
            body: #"{"source":"sales","to":"+33639980077"}"#)
        #expect(again.body == reply.body)
        first.signal(SIGKILL)
        #expect(await first.exitCode() != nil)
        let second = try await site.start()
        #expect(await eventually(within: 60) { (try? site.events().contains { $0.type == "call.summary" }) ?? false })
        let events = try site.events().filter { $0.source == "voipgrid/sales" && $0.type.hasPrefix("call.") }
        #expect(Set(events.map(\.subject)).count == 1)
        #expect(events.last?.outcome == "answered")
        #expect(events.filter { $0.type == "call.initiated" }.count == 1)
        #expect(await noSecret(Site.password, site, second))
        _ = simulator
    }

    @Test func aCallWhoseAnswerIsLostInACrashIsToldAndNotPlacedAgain() async throws {
        let (simulator, port) = try await Site.startSimulator()
        let site = try Site(simulatorPort: port)
        let first = try await site.start()
        let fault = try PlainHTTP.request(
            "POST", .port(port), "/control/fault", body: #"{"provider":"voipgrid","kind":"half-open","count":1}"#)
        #expect((200..<300).contains(fault.status), "\(fault.body)")
        let dial = try Program(
            "ctibridge",
            [
                "dial", "--socket", "\(site.directory)/run/api.sock", "--source", "sales", "--idempotency-key", "k9",
                "+33639980077",
            ])
        let hasAsked = try await eventually { try requests(port) == 1 }
        #expect(hasAsked)
        first.signal(SIGKILL)
        #expect(await first.exitCode() != nil)
        #expect(await dial.exitCode() != 0)
        let second = try await site.start()
        #expect(await eventually { (try? site.events().contains { $0.type == "call.initiated" }) ?? false })
        let calls = try site.events().filter { $0.source == "voipgrid/sales" && $0.type == "call.initiated" }
        #expect(calls.count == 1)
        #expect(calls[0].text.contains(#""basis":"inferred""#))
        #expect(calls[0].text.contains("+33639980077"))
        // The same request again is not told that the call was placed.
        #expect(try dialAgain(site, "k9") == 504)
        #expect(try requests(port) == 1)
        _ = (simulator, second)
    }

    @Test func theSameRequestIsToldTheSameAndTheProviderIsAskedOnce() async throws {
        let (simulator, port) = try await Site.startSimulator()
        let site = try Site(simulatorPort: port)
        let daemon = try await site.start()
        let fault = try PlainHTTP.request(
            "POST", .port(port), "/control/fault", body: #"{"provider":"voipgrid","kind":"cut","count":1}"#)
        #expect((200..<300).contains(fault.status), "\(fault.body)")
        for _ in 0..<3 { #expect(try dialAgain(site, "k10") == 504) }
        #expect(try requests(port) == 1)
        _ = (simulator, daemon)
    }

    private func dialAgain(_ site: Site, _ key: String) throws -> Int {
        try PlainHTTP.request(
            "POST", site.api, "/v1/calls", headers: ["Content-Type: application/json", "Idempotency-Key: \(key)"],
            body: #"{"source":"sales","to":"+33639980077"}"#
        ).status
    }

    /// Placements that reached the simulator.
    private func requests(_ port: Int) throws -> Int {
        let log = try PlainHTTP.get(.port(port), "/control/log").body
        return log.components(separatedBy: "/voipgrid/api/clicktodial/\"").count - 1
    }

    @Test func keyyoPlacesACallAndRecognisesIt() async throws {
        let (simulator, port) = try await Site.startSimulator(["--keyyo-password", "sip-password"])
        let site = try Site(simulatorPort: port)
        let daemon = try await site.start()
        let reply = try PlainHTTP.request(
            "POST", site.api, "/v1/calls", headers: ["Content-Type: application/json"],
            body: #"{"source":"desk","to":"0639980009","name":"Café & Co"}"#)
        #expect(reply.status == 202, "\(reply.body)")
        #expect(
            try site.notify("account=33199000021&caller=33199000021&callee=33639980009&type=SETUP&callref=m1") == 200)
        #expect(
            try site.notify("account=33199000021&caller=33199000021&callee=33639980009&type=CONNECT&callref=m1") == 200)
        let calls = try site.events().filter { $0.type.hasPrefix("call.") }
        #expect(Set(calls.map(\.subject)).count == 1)
        #expect(calls.map(\.type).contains("call.connected"))
        #expect(reply.body.contains(calls[0].subject))
        _ = (simulator, daemon)
    }

    @Test func webhookAnswers() async throws {
        let site = try Site()
        let daemon = try await site.start()
        #expect(try site.notify("account=33199000021&caller=1&callee=2") == 400)
        #expect(try site.notify("account=33199000021&caller=33639980001&callee=33199000021&type=HOLD") == 200)
        // A notification that does not name its line is about the source's own.
        #expect(try site.notify("account=_ACCOUNT_&caller=33639980002&callee=33199000021&type=SETUP&callref=n") == 200)
        #expect(try site.events().contains { $0.type == "call.ringing" && $0.text.contains(#""direction":"inbound""#) })
        #expect(try site.notify("type=SETUP", secret: "not-the-secret-not-the-secret") == 404)
        #expect(try site.events().contains { $0.type == "source.unparsed" })
        _ = daemon
    }

    private func play(_ port: Int, _ line: String) async throws {
        let reply = try PlainHTTP.request("POST", .port(port), "/control/event", body: line)
        #expect((200..<300).contains(reply.status), "\(reply.body)")
    }

    /// The secret is in no file of the daemon and in nothing it printed, in no usual form.
    private func noSecret(_ secret: String, _ site: Site, _ daemon: Program) async -> Bool {
        var forms = [secret, Data(secret.utf8).base64EncodedString()]
        forms.append(secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? secret)
        let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(site.directory)/state")) ?? []
        var texts = [daemon.errors, daemon.lines.joined()]
        for file in files {
            let data = FileManager.default.contents(atPath: "\(site.directory)/state/\(file)") ?? Data()
            texts.append(String(decoding: data, as: UTF8.self))
        }
        return !files.isEmpty && forms.allSatisfy { form in texts.allSatisfy { !$0.contains(form) } }
    }
}
