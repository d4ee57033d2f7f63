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
        #expect(Self.files.count >= 40)
        for needed in ["demo", "ovh-queue-ring-all", "keyyo-reception", "voipgrid-answered"] {
            #expect(Self.files.contains("\(needed).jsonl"))
        }
    }

    @Test(arguments: files)
    func playsAtHighSpeed(_ file: String) async throws {
        let scenario = try scenario(file)
        try await withSimulator { receiver, other in
            try await withSimulator {
                $0.speed = 2_000
                $0.hold = .milliseconds(10)
                $0.keyyoTargets = [try KeyyoTarget("http://127.0.0.1:\(other.port)/k?type=_N_TYPE_")]
            } _: { simulator, client in
                let session = try #require(try json(try await client.get("/ovh/?token=T").body)["Session"]?.text)
                await simulator.play(scenario)
                let keyyo = scenario.lines.count { if case .keyyo = $0.action { true } else { false } }
                try await until { receiver.requestCount == keyyo }
                #expect(simulator.log.notifications.count == keyyo)
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
            case .ovhLine, .ovhQueue, .keyyo: true
            default: false
            }
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
