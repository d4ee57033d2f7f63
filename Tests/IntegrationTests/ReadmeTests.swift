import Foundation
import Testing

/// The first things a newcomer types.
@Suite(.serialized) struct ReadmeTests {
    @Test func theDemonstrationShowsEveryProviderAndEndsCleanly() async throws {
        let demo = try Program(
            Program.checkout.appending(path: "scripts/demo").path(), [Program.directory.path()])
        let hasAll = await eventually(within: 60) {
            let lines = Line.read(demo.lines)
            let calls = Set(lines.filter { $0.type.hasPrefix("call.") }.map(\.source))
            let haveCalls = calls.isSuperset(of: [
                "ovh/paris", "voipgrid/sales", "keyyo/front-desk", "sfr-dmc/campaigns", "orange/legacy",
            ])
            return haveCalls && lines.contains { $0.type == "message.received" } || !demo.isRunning
        }
        #expect(hasAll && demo.isRunning, "\(demo.errors)")
        demo.signal(SIGINT)
        #expect(await demo.exitCode(within: 10) == 0)
        #expect(Line.read(demo.lines).last?.type == "stream.bye")
    }

    /// Each command in a shell block is run as it stands, with the places of this test for those of an installation.
    @Test func everyCommandWorks() async throws {
        let (simulator, port) = try await Site.startSimulator()
        let site = try Site(simulatorPort: port)
        let daemon = try await site.start()
        let text = try String(contentsOf: Program.checkout.appending(path: "README.md"), encoding: .utf8)
        let commands = text.components(separatedBy: "```sh\n").dropFirst()
            .flatMap { $0.components(separatedBy: "```")[0].split(separator: "\n") }
            .map { $0.components(separatedBy: "  #")[0].trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
        #expect(commands.count >= 10)
        #expect(
            try site.notify("account=33199000021&caller=33639980001&callee=33199000021&type=SETUP&callref=readme")
                == 200)
        let call = try #require(try site.events().first { $0.type == "call.ringing" }?.subject)
        for command in commands {
            let isLasting = command.contains(" tail") || command.contains("socat")
            var line = command.replacingOccurrences(of: "/etc/ctibridge/ctibridge.yaml", with: site.configuration)
                .replacingOccurrences(of: "/run/ctibridge/events.sock", with: "\(site.directory)/run/events.sock")
                .replacingOccurrences(of: "pop.cursor", with: "\(site.directory)/pop.cursor")
                .replacingOccurrences(of: "bug.jsonl", with: "\(site.directory)/bug.jsonl")
                .replacing(/\bc[0-9a-f]{20}\b/, with: call)
            if line.hasPrefix("make ") {
                line = "make --dry-run --directory '\(Program.checkout.path())' \(line.dropFirst(5))"
            }
            if line.hasPrefix("ctibridged"), !line.contains("--check-config") {
                // A second daemon, beside the one that runs: its own directories, and no listener in its way.
                try site.write("alone.yaml", "country: FR\nsources: []\n")
                line =
                    "timeout 2 ctibridged --config \(site.directory)/alone.yaml --state-dir \(site.directory)/two "
                    + "--runtime-dir \(site.directory)/two"
            } else if isLasting {
                line = "timeout 2 sh -c '\(line.replacingOccurrences(of: "'", with: #"'\''"#))'"
            }
            let program = try Program(
                "/bin/sh", ["-c", line],
                environment: [
                    "PATH": "\(Program.directory.path()):\(ProcessInfo.processInfo.environment["PATH"] ?? "")",
                    "CTIBRIDGE_SOCKET": "\(site.directory)/run/api.sock",
                    "CREDENTIALS_DIRECTORY": "\(site.directory)/credentials",
                ])
            let code = await program.exitCode(within: 30)
            _ = Line.read(program.lines.filter { $0.hasPrefix("{\"specversion\"") })
            // 124: what runs for ever was ended by the clock; the daemon ends cleanly when it is told to.
            let isAsExpected = isLasting ? code == 124 : code == 0 || (line.hasPrefix("timeout") && code == 124)
            #expect(isAsExpected, "\(command): exit \(code.map(String.init) ?? "none"): \(program.errors)")
        }
        _ = (simulator, daemon)
    }
}
