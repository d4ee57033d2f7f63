import Foundation
import Testing

/// Whatever becomes of standard output, the daemon goes on.
@Suite struct StdoutTests {
    @Test func eventsAppearAsLines() async throws {
        let site = try Site()
        let daemon = try await site.start()
        #expect(
            try site.notify("account=33199000021&caller=33639980021&callee=33199000021&type=SETUP&callref=1") == 200)
        let hasCome = await eventually { Line.read(daemon.lines).contains { $0.type == "call.ringing" } }
        #expect(hasCome)
        daemon.signal(SIGINT)
        #expect(await daemon.exitCode(within: 3) == 0)
        let types = Line.read(daemon.lines).map(\.type)
        #expect(types.first == "stream.hello")
        #expect(types.last == "stream.bye")
    }

    /// `ctibridged | head -1`
    @Test func aReaderThatGoesAwayIsNoReasonToStop() async throws {
        let site = try Site()
        let pipeline = try Program(
            "/bin/sh",
            [
                "-c",
                """
                exec 3>&1
                { '\(Program.directory.path())ctibridged' --config '\(site.configuration)' --state-dir \
                '\(site.directory)/state' --runtime-dir '\(site.directory)/run' & echo $! >&3; wait; } | head -1
                """,
            ], environment: ["CREDENTIALS_DIRECTORY": "\(site.directory)/credentials"])
        let api = site.api
        #expect(await eventually { ((try? PlainHTTP.get(api, "/readyz").status) ?? 0) == 200 })
        for number in 0..<20 {
            #expect(
                try site.notify(
                    "account=33199000021&caller=33639980021&callee=33199000021&type=SETUP&callref=\(number)")
                    == 200)
        }
        #expect(try site.events().filter { $0.type == "call.ringing" }.count == 20)
        let id = try #require(pipeline.lines.compactMap { Int32($0) }.first)
        kill(id, SIGTERM)
        #expect(await pipeline.exitCode() != nil)
    }

    @Test func aReaderThatDoesNotReadStopsNobody() async throws {
        let site = try Site()
        let daemon = try await site.start(readsOutput: false)
        // Several times what a pipe holds.
        for number in 0..<300 {
            let status = try site.notify(
                "account=33199000021&caller=33639980021&callee=33199000021&type=SETUP&callref=\(number)&x="
                    + String(repeating: "y", count: 500))
            #expect(status == 200)
        }
        #expect(try site.events().filter { $0.type == "call.ringing" }.count == 300)
        daemon.signal(SIGTERM)
        #expect(await daemon.exitCode(within: 3) == 0)
    }

    /// `ctibridged <&- >&- 2>&-`: nothing else may get the numbers of the standard streams.
    @Test func nothingTakesThePlaceOfAClosedStream() async throws {
        let site = try Site()
        let shell = try Program(
            "/bin/sh",
            [
                "-c",
                """
                '\(Program.directory.path())ctibridged' --config '\(site.configuration)' --state-dir \
                '\(site.directory)/state' --runtime-dir '\(site.directory)/run' <&- >&- 2>&- & echo $!; wait
                """,
            ], environment: ["CREDENTIALS_DIRECTORY": "\(site.directory)/credentials"])
        let api = site.api
        #expect(await eventually { ((try? PlainHTTP.get(api, "/readyz").status) ?? 0) == 200 })
        let id = try #require(shell.lines.compactMap { Int32($0) }.first)
        for stream in 0...2 {
            #expect(
                try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(id)/fd/\(stream)") == "/dev/null")
        }
        #expect(
            try site.notify("account=33199000021&caller=33639980021&callee=33199000021&type=SETUP&callref=1") == 200)
        #expect(try site.events().filter { $0.type == "call.ringing" }.count == 1)
        let client = try Program(
            "/bin/sh",
            [
                "-c",
                "'\(Program.directory.path())ctibridge' calls --socket '\(site.directory)/run/api.sock' 2>&1 >&- | cat",
            ])
        #expect(await client.exitCode() != nil)
        #expect(client.lines == ["ctibridge: cannot write the output: Bad file descriptor"])
        kill(id, SIGTERM)
        #expect(await shell.exitCode() != nil)
    }
}
