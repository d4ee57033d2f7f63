import CallModel
import CurlTransport
import Intake
import Logging
import Providers
import Testing

/// Over real sockets: what is asked, what is kept, and that nothing is asked twice.
@Suite("Orange: calls, conferences and texts", .timeLimit(.minutes(1)))
struct OrangePlacerTests {
    private static let source = SourceName(provider: "orange", name: "legacy")
    private static let now = Timestamp(milliseconds: 1_795_253_400_000)
    private static let key = "s3cret-k&y"

    private static func xml(_ code: Int, call: String? = nil, conference: String? = nil, more: String = "") -> String {
        "<response><status><status_code>\(code)</status_code><status_msg>word \(code)</status_msg></status>"
            + (call.map { "<call_info><call_id>\($0)</call_id></call_info>" } ?? "")
            + (conference.map { "<conference><id>\($0)</id></conference>" } ?? "") + more + "</response>"
    }

    private struct Scene: Sendable {
        /// Without what is told of the source's health.
        var deliveries: [Delivery] { sink.deliveries.filter { $0.kind != .health } }

        let provider: ScriptedProvider
        let sink: ScriptedSink
        let monitor: SourceMonitor
        let placer: OrangePlacer

        var facts: [Fact] {
            let decoder = OrangeDecoder(settings: .init(numbers: NumberPlan(country: "FR")))
            return deliveries.flatMap { decoder.decode($0).facts }
        }
    }

    private func stage(
        cursors: [PollCursor] = [], ownNumber: String? = "0199000051", isPushed: Bool = true,
        sink: ScriptedSink = ScriptedSink(),
        _ script: @escaping @Sendable (String) -> ScriptedProvider.Answer, _ body: (Scene) async throws -> Void
    ) async throws {
        try await ScriptedProvider.serve(script) { provider in
            var history = OrangeHistory()
            history.url = "\(provider.url)/sms/getHistory.xml"
            let requests = OrangeRequests(
                services: .init(
                    call: "\(provider.url)/call", conference: "\(provider.url)/conf", messages: "\(provider.url)/sms"),
                key: Redacted(Self.key), numbers: NumberPlan(country: "FR"), history: history)
            let surroundings = Surroundings(
                client: CurlClient(name: "tests/1"), sink: sink, now: { Self.now }, ticks: { Self.now },
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let monitor = SourceMonitor(source: Self.source, pollers: 1, surroundings: surroundings)
            let placer = OrangePlacer(
                monitor: monitor, requests: requests, ownNumber: ownNumber, sender: "20345",
                notificationURL: Redacted("https://cti.example/hooks/orange/legacy/path-s3cret"),
                isPushed: isPushed,
                scrubber: SecretScrubber(secrets: [Redacted(Self.key), Redacted("path-s3cret")]),
                memory: OrangeMemory(cursors), surroundings: surroundings)
            try await body(Scene(provider: provider, sink: sink, monitor: monitor, placer: placer))
            for delivery in sink.deliveries {
                let kept = "\(delivery.attributes) \(String(decoding: delivery.body, as: UTF8.self))"
                #expect(!kept.contains(Self.key) && !kept.contains("s3cret-k%26y") && !kept.contains("path-s3cret"))
            }
        }
    }

    private let order = PlacementOrder(call: CallID(rawValue: "c1"), to: "06 39 98 00 51")

    @Test("an accepted call is kept with its id before place returns")
    func accepted() async throws {
        try await stage { _ in
            .reply(status: 200, Self.xml(200, call: "12345"))
        } _: { scene in
            #expect(await scene.placer.place(order).result == .accepted)
            #expect(
                scene.provider.targets == ["/call/createCall.xml?id=s3cret-k%26y&from=33199000051&to=33639980051"])
            let delivery = try #require(scene.deliveries.first)
            #expect(delivery.kind == .placement)
            #expect(
                delivery.attributes == [
                    "call": "c1", "to": "+33639980051", "from": "+33199000051", "result": "accepted",
                ])
            let fact = try #require(scene.facts.first)
            #expect(scene.facts.count == 1 && fact.words.call == "12345")
        }
    }

    @Test("a refusal under HTTP 200 is a refusal, with what the provider says, and without the key it repeats")
    func refused() async throws {
        try await stage { _ in
            .reply(
                status: 200,
                "<response><status><status_code> 450 </status_code><status_msg>no: s3cret-k&amp;y</status_msg></status></response>"
            )
        } _: { scene in
            #expect(
                await scene.placer.place(order).result == .refused(status: 450, text: "no: [redacted]", isBarred: false)
            )
            guard case .call(let call)? = scene.facts.last?.content, case .ended(let ending) = call.step else {
                Issue.record("no end")
                return
            }
            #expect(ending.outcome == .failed)
            #expect(ending.cause == Cause(code: "450", by: .network, raw: "no: [redacted]"))
        }
    }

    @Test("a cut connection is never tried again")
    func unknown() async throws {
        try await stage { _ in
            .cut
        } _: { scene in
            guard case .unknown = await scene.placer.place(order).result else {
                Issue.record("not unknown")
                return
            }
            let seat = await scene.placer.callGuest(order, into: "6789").result
            let text = await scene.placer.sendMessage(MessageOrder(message: "m1", to: "0639980051", text: "x")).result
            for result in [seat, text] {
                guard case .unknown = result else {
                    Issue.record("not unknown")
                    return
                }
            }
            #expect(scene.provider.targets.count == 3)
            #expect(scene.deliveries.map { $0.attributes["result"] } == ["unknown", "unknown", "unknown"])
        }
    }

    @Test("a call without a phone of ours is refused before anything is sent, and told")
    func withoutNumber() async throws {
        try await stage(ownNumber: nil) { _ in
            .cut
        } _: { scene in
            guard case .unfit = await scene.placer.place(order).result else {
                Issue.record("sent")
                return
            }
            #expect(scene.provider.targets.isEmpty)
            #expect(scene.deliveries.map { $0.attributes["result"] } == ["unfit"])
        }
    }

    @Test("a number that cannot be written as the provider wants it is not sent, and its end is of our doing")
    func unfitNumber() async throws {
        try await stage { _ in
            .cut
        } _: { scene in
            for number in ["20345", "0999"] {
                let short = PlacementOrder(call: CallID(rawValue: "c\(number)"), to: number)
                guard case .unfit(let text) = await scene.placer.place(short).result, !text.contains(number) else {
                    Issue.record("sent")
                    return
                }
            }
            #expect(scene.provider.targets.isEmpty)
            guard case .call(let call)? = scene.facts.last?.content, case .ended(let ending) = call.step else {
                Issue.record("no end")
                return
            }
            #expect(ending.outcome == .failed)
            #expect(ending.cause?.code == "unfit" && ending.cause?.by == .local)
            guard case .unfit = await scene.placer.sendMessage(.init(message: "m1", to: "0999", text: "x")).result
            else {
                Issue.record("sent")
                return
            }
        }
    }

    @Test("what a call calls from is known before it is asked for")
    func origin() async throws {
        try await stage { _ in
            .cut
        } _: { scene in
            #expect(scene.placer.origin(nil) == "+33199000051")
            #expect(scene.placer.origin("01 99 00 00 52") == "+33199000052")
        }
    }

    @Test("a refused key leaves a source degraded that is pushed to, and else down", arguments: [true, false])
    func refusedKey(isPushed: Bool) async throws {
        try await stage(isPushed: isPushed) { _ in
            .reply(status: 200, Self.xml(401))
        } _: { scene in
            await scene.monitor.report(SourceReport(change: .up, reason: "listening for notifications"), slot: "hook")
            guard case .refused = await scene.placer.place(order).result else {
                Issue.record("not refused")
                return
            }
            #expect(scene.monitor.status.change == (isPushed ? .degraded : .down))
            // That it is listened to says nothing of the key.
            await scene.monitor.report(SourceReport(change: .up, reason: "listening for notifications"), slot: "hook")
            #expect(scene.monitor.status.change == (isPushed ? .degraded : .down))
        }
    }

    @Test("a success without a code is a refusal without one")
    func withoutCode() async throws {
        try await stage { _ in
            .reply(status: 200, "<response><status><status_code>OK</status_code></status></response>")
        } _: { scene in
            _ = await scene.placer.place(order)
            guard case .call(let call)? = scene.facts.last?.content, case .ended(let ending) = call.step else {
                Issue.record("no end")
                return
            }
            #expect(
                ending.cause
                    == Cause(code: "refused", by: .network, raw: "the reply's status_code is no whole number: OK"))
        }
    }

    @Test("release: agreed, refused, unknown; each is kept")
    func release() async throws {
        try await stage { target in
            if target.contains("call_id=a%2Fb") { return .reply(status: 200, Self.xml(200)) }
            return target.contains("call_id=no") ? .reply(status: 200, Self.xml(404)) : .cut
        } _: { scene in
            #expect(await scene.placer.hangUp("a/b") == .agreed)
            #expect(await scene.placer.hangUp("no") == .refused(status: 404, text: "word 404"))
            guard case .unknown = await scene.placer.hangUp("cut") else {
                Issue.record("not unknown")
                return
            }
            #expect(scene.deliveries.map(\.kind) == [.hangup, .hangup, .hangup])
            #expect(
                scene.facts.map(\.words.event) == ["releaseCall", "releaseCall refused 404", "releaseCall unknown"])
        }
    }

    @Test("what is not written down is promised nobody: neither a release nor a conference")
    func stopping() async throws {
        try await stage(sink: ScriptedSink { _ in .failure(.stopping) }) { target in
            .reply(status: 200, Self.xml(200, conference: target.hasPrefix("/conf") ? "6789" : nil))
        } _: { scene in
            guard case .unknown = await scene.placer.hangUp("a") else {
                Issue.record("promised")
                return
            }
            let wanted = OrangeConference(access: .room, minutes: 20)
            let made = await scene.placer.createConference(.init(claim: CallID(rawValue: "c9"), conference: wanted))
            guard case .unknown = made.answer else {
                Issue.record("promised: \(made)")
                return
            }
        }
    }

    @Test("a conference, callers, three guests of whom one is refused; each guest's end is that of the conference")
    func conference() async throws {
        try await stage { target in
            switch target.prefix(while: { $0 != "?" }) {
            case "/conf/createConference.xml": .reply(status: 200, Self.xml(200, conference: "6789"))
            case "/conf/createCall.xml" where target.contains("33639980062"): .reply(status: 200, Self.xml(451))
            case "/conf/createCall.xml": .reply(status: 200, Self.xml(200, call: "g\(target.suffix(4))"))
            default: .reply(status: 200, Self.xml(200))
            }
        } _: { scene in
            let wanted = OrangeConference(access: .roomAndCaller, numbers: ["0199000052, 0199000053"], minutes: 20)
            let created = await scene.placer.createConference(.init(claim: CallID(rawValue: "c9"), conference: wanted))
            #expect(created == PlacedCall(.accepted, CallID(rawValue: "6789"), isDurable: true))
            #expect(await scene.placer.addCallers(["0199000054"], to: "6789") == .accepted)
            for (index, number) in ["0639980061", "0639980062", "0639980063"].enumerated() {
                let guest = PlacementOrder(call: CallID(rawValue: "c\(index)"), to: number)
                let result = await scene.placer.callGuest(guest, into: "6789").result
                #expect((result == .accepted) == (index != 1))
            }
            #expect(
                scene.provider.targets.prefix(3) == [
                    "/conf/createConference.xml?id=s3cret-k%26y&access_mode=room%2Bcaller"
                        + "&caller_numbers=33199000052%2C33199000053&duration=20",
                    "/conf/addCaller.xml?id=s3cret-k%26y&conf_id=6789&caller_numbers=33199000054",
                    "/conf/createCall.xml?id=s3cret-k%26y&from=33639980061&to=6789&notification_url="
                        + "https%3A%2F%2Fcti.example%2Fhooks%2Forange%2Flegacy%2Fpath-s3cret%3Fctibridge_call%3Dc0",
                ])
            #expect(scene.provider.targets.count == 5)
            let calls = scene.facts.compactMap { fact -> CallFact? in
                if case .call(let call) = fact.content { call } else { nil }
            }
            #expect(calls.count == 3)
            #expect(Set(calls.map(\.session)).count == 1 && calls[0].session != nil)
            #expect(calls.allSatisfy { $0.lasts == .minutes(20) && $0.direction == .outbound })
        }
    }

    @Test("known callers that are not known are refused before anything is sent")
    func withoutCallers() async throws {
        try await stage { _ in
            .cut
        } _: { scene in
            let wanted = OrangeConference(access: .caller, minutes: 20)
            let created = await scene.placer.createConference(.init(claim: CallID(rawValue: "c9"), conference: wanted))
            guard case .unfit = created.result else {
                Issue.record("not refused")
                return
            }
            #expect(created.call == CallID(rawValue: "c9") && scene.provider.targets.isEmpty)
        }
    }

    @Test("a text is sent and asked about until it has arrived; only a new word is kept")
    func message() async throws {
        try await stage { target in
            target.hasPrefix("/sms/sendSMS.xml")
                ? .reply(status: 200, Self.xml(200, call: "s1"))
                : .reply(status: 200, Self.xml(200, more: "<sms><state>delivered</state></sms>"))
        } _: { scene in
            let order = MessageOrder(message: "m1", to: "0639980051", text: "Né à 9 h")
            #expect(await scene.placer.sendMessage(order).result == .accepted)
            #expect(await scene.placer.messageHistory("m1") == .delivered)
            #expect(await scene.placer.messageHistory("m1") == nil)
            #expect(await scene.placer.messageHistory("other") == nil)
            #expect(
                scene.provider.targets == [
                    "/sms/sendSMS.xml?id=s3cret-k%26y&to=33639980051&content=N%C3%A9%20%C3%A0%209%20h&from=20345",
                    "/sms/getHistory.xml?id=s3cret-k%26y&callid=s1",
                ])
            let statuses = scene.facts.compactMap { fact -> MessageReport.Kind? in
                if case .message(let report) = fact.content { report.kind } else { nil }
            }
            #expect(statuses == [.status(.accepted), .status(.delivered)])
            // What was written is in no delivery.
            #expect(!scene.deliveries.contains { "\($0.attributes)".contains("9 h") })
        }
    }

    @Test("a restart knows until when a conference lasts and which text is on its way")
    func restart() async throws {
        var ledger = OrangeLedger()
        ledger.add(conference: "6789", ends: Self.now.advanced(by: .minutes(3)), now: Self.now)
        ledger.add(message: "m1", callID: "s1", askedUntil: Self.now.advanced(by: .minutes(3)), now: Self.now)
        try await stage(cursors: [ledger.cursor]) { target in
            .reply(status: 200, Self.xml(200, call: "g1", more: "<sms><state>sent</state></sms>"))
        } _: { scene in
            #expect(await scene.placer.callGuest(order, into: "6789").result == .accepted)
            #expect(scene.deliveries.first?.attributes["remaining"] == "180000")
            #expect(await scene.placer.messageHistory("m1") == .sent)
        }
    }
}
