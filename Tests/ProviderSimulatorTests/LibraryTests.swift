import FoundationEssentials
import Testing

@testable import ProviderSimulator

/// The scenarios that come with the program.
@Suite(.timeLimit(.minutes(2))) struct LibraryTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "etc/scenarios")

    static let files: [String] = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".jsonl") }.sorted()

    private func scenario(_ file: String) throws -> Scenario {
        try ScenarioReader.read(path: Self.folder.appending(path: file).path)
    }

    @Test func theLibraryIsThere() {
        #expect(Self.files.count >= 65)
        let needed = [
            "demo", "ovh-queue-ring-all", "keyyo-reception", "voipgrid-answered", "voipgrid-inbound-answered",
            "voipgrid-inbound-missed", "voipgrid-inbound-cold-transfer", "voipgrid-dial-notified",
            "sfr-dmc-call-answered", "sfr-dmc-call-voicemail", "sfr-dmc-call-busy", "sfr-dmc-call-transferred",
            "sfr-dmc-sms-answered-twice", "sfr-dmc-fax-sent", "sfr-dmc-notif-batch", "orange-call-accepted",
            "orange-call-refused", "orange-conference", "orange-sms-received",
        ]
        for needed in needed {
            #expect(Self.files.contains("\(needed).jsonl"))
        }
    }

    @Test(arguments: files)
    func playsAtHighSpeed(_ file: String) async throws {
        let scenario = try scenario(file)
        try await PushReceiver.run { receiver in
            try await withSimulator {
                $0.speed = 2_000
                $0.hold = .milliseconds(10)
                $0.keyyoTargets = [try KeyyoTarget("http://127.0.0.1:\(receiver.port)/k?type=_N_TYPE_")]
                let target = try PushTarget("http://127.0.0.1:\(receiver.port)/p", option: "test")
                $0.sfrTargets = [target]
                $0.voipgridTargets = [target]
                $0.orangeTargets = [target]
            } _: { simulator, client in
                let session = try #require(try json(try await client.get("/ovh/?token=T").body)["Session"]?.text)
                await simulator.play(scenario)
                let pushes = scenario.lines.map(\.action.pushes).reduce(0, +)
                try await until { simulator.log.notifications.count == pushes }
                let cut = scenario.lines.count {
                    if case .fault(let fault) = $0.action { fault.isPush && fault.kind == .cut } else { false }
                }
                try await until { receiver.taken.count == pushes - cut && receiver.cut.count == cut }
                let faults = scenario.lines.contains { if case .fault = $0.action { true } else { false } }
                guard !faults else { return }
                let events = scenario.lines.count {
                    switch $0.action {
                    case .ovhLine, .ovhQueue: true
                    default: false
                    }
                }
                let reply = try json(try await client.get("/ovh/?token=T&session=\(session)").body)
                #expect(reply.eventNames.count == events)
            }
        }
    }

    /// Numbers that the French regulator keeps for fiction: 06 39 98 xx xx and 01 99 00 xx xx.
    @Test(arguments: files)
    func dialsOnlyFictitiousNumbers(_ file: String) throws {
        let text = try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8)
        for number in text.matches(of: /"[+]?(\d{6,})"/).map(\.1) {
            #expect(number.wholeMatch(of: /(00)?33(63998|19900)\d{4}(\d{11})?/) != nil, "\(number)")
        }
    }

    @Test func theDemoIsLively() throws {
        let lines = try scenario("demo.jsonl").lines
        let calls = lines.filter {
            switch $0.action {
            case .ovhLine, .ovhQueue, .keyyo, .sfr, .voipgridNotification, .orangeMessage: true
            default: false
            }
        }
        for isThere: (ScenarioAction) -> Bool in [
            { if case .sfr = $0 { true } else { false } }, { if case .orangeMessage = $0 { true } else { false } },
            { if case .voipgridNotification = $0 { true } else { false } },
        ] {
            #expect(calls.contains { isThere($0.action) })
        }
        #expect(try #require(calls.first).at < 1_000)
        #expect((50_000...70_000).contains(try #require(lines.last).at))
        #expect(zip(calls, calls.dropFirst()).allSatisfy { $1.at - $0.at < 5_000 })
        #expect(lines.contains { if case .voipgrid = $0.action { true } else { false } })
    }

    @Test func loopsHaveFreshIds() async throws {
        try await withSimulator {
            $0.speed = 1_000
            $0.hold = .milliseconds(20)
        } _: { simulator, client in
            let scenario = try scenario("ovh-inbound-missed.jsonl")
            let first = try #require(try json(try await client.get("/ovh/?token=T").body)["Session"]?.text)
            let playing = Task { await simulator.play(scenario, loop: true) }
            var ids: Set<String> = []
            var session = first
            while ids.count < 3 {
                let reply = try json(try await client.get("/ovh/?token=T&session=\(session)").body)
                session = try #require(reply["Session"]?.text)
                for event in reply["Events"]?.items ?? [] {
                    ids.insert(try #require(event["Data"]?["CallId"]?.text))
                }
            }
            playing.cancel()
            await playing.value
        }
    }
}

extension ScenarioAction {
    /// What the simulator sends by itself because of it.
    fileprivate var pushes: Int {
        switch self {
        case .keyyo: 1
        case .sfr(let document): document.times
        case .voipgridNotification(let notification): notification.times
        case .orangeMessage(let message): message.times
        // A call that somebody else has placed and that is told of.
        case .voipgrid(let script): script.callID != nil && script.notifies == true ? 3 : 0
        default: 0
        }
    }
}
