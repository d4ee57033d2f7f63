import Foundation
import Testing

/// `ctibridge calls --watch` on a terminal, which `script` makes.
@Suite(.timeLimit(.minutes(2))) struct WatchTests {
    @Test func theTableFollowsTheCallsUntilControlC() async throws {
        let site = try Site()
        let daemon = try await site.start()
        let marker = "\(site.directory)/client.pid"
        let client = "\(Program.directory.path())ctibridge"
        let terminal = try Program(
            "/usr/bin/script",
            [
                "-qefc",
                "echo $$ > '\(marker)'; exec '\(client)' calls --watch --interval 0.2 --socket '\(site.directory)/run/api.sock'",
                "/dev/null",
            ], environment: ["TERM": "xterm", "COLUMNS": "120"])
        func query(_ type: String) -> String {
            "account=33199000021&caller=33639980077&callee=33199000021&type=\(type)&callref=w"
        }
        #expect(try site.notify(query("SETUP")) == 200)
        #expect(await eventually { terminal.lines.contains { $0.contains("+33639980077") && $0.contains("ringing") } })
        #expect(try site.notify(query("CONNECT")) == 200)
        #expect(await eventually { terminal.lines.contains { $0.contains("connected") } })
        #expect(try site.notify(query("RELEASE")) == 200)
        #expect(await eventually { terminal.lines.last { !$0.isEmpty }?.contains("+33639980077") == false })
        @Sendable func count(_ sequence: String) -> Int {
            terminal.lines.joined().components(separatedBy: sequence).count - 1
        }
        let id = try #require(Int32(try String(contentsOfFile: marker, encoding: .utf8).dropLast()))
        // Ctrl-Z gives the terminal back, `fg` takes it again.
        #expect(count("\u{1B}[?1049h") == 1 && count("\u{1B}[?1049l") == 0)
        for round in 1...2 {
            kill(id, SIGTSTP)
            #expect(await eventually { count("\u{1B}[?1049l") == round || !terminal.isRunning })
            kill(id, SIGCONT)
            #expect(await eventually { count("\u{1B}[?1049h") == round + 1 })
        }
        kill(id, SIGINT)
        let code = await terminal.exitCode()
        #expect(code == 0 || code == 130, "\(code ?? -1)")
        _ = daemon
    }

    /// Its terminal is another's: not a byte of it there, neither while it runs nor when it is ended.
    @Test func inTheBackgroundTheTerminalIsLeftAlone() async throws {
        let site = try Site()
        let daemon = try await site.start()
        let marker = "\(site.directory)/client.pid"
        let client = "\(Program.directory.path())ctibridge"
        let terminal = try Program(
            "/usr/bin/script",
            [
                "-qefc",
                "set -m; '\(client)' calls --watch --interval 0.2 --socket '\(site.directory)/run/api.sock' & "
                    + "echo $! > '\(marker)'; wait; echo over",
                "/dev/null",
            ], environment: ["TERM": "xterm"])
        @Sendable func lists() -> Int {
            let metrics = (try? PlainHTTP.get(site.api, "/metrics").body) ?? ""
            let line = metrics.split(separator: "\n").first {
                $0.hasPrefix("ctibridge_api_requests_total{") && $0.contains("route=\"calls\"")
            }
            return line?.split(separator: " ").last.flatMap { Double($0) }.map { Int($0) } ?? 0
        }
        // It has its signals in hand before it asks again.
        #expect(await eventually { lists() >= 3 })
        let id = try #require(Int32(try String(contentsOfFile: marker, encoding: .utf8).dropLast()))
        kill(id, SIGTERM)
        #expect(await eventually { terminal.lines.contains { $0.hasPrefix("over") } })
        #expect(!terminal.lines.joined().contains("\u{1B}["), "\(terminal.lines)")
        _ = daemon
    }
}
