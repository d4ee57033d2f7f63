import Foundation
import Testing

/// `ctibridge` against the real daemon.
@Suite struct ClientTests {
    @Test func tailLosesAndRepeatsNothingAcrossARestart() async throws {
        let site = try Site()
        let first = try await site.start()
        let tail = try Program(
            "ctibridge",
            [
                "tail", "--socket", "\(site.directory)/run/api.sock", "--json", "--after", "oldest", "--cursor-file",
                "\(site.directory)/cursor",
            ])
        try ring(site, 1...10)
        #expect(await eventually { ringing(tail).count == 10 })
        first.signal(SIGKILL)
        #expect(await first.exitCode() != nil)
        let second = try await site.start()
        try ring(site, 11...20)
        #expect(await eventually { ringing(tail).count == 20 })
        let lines = Line.read(tail.lines)
        #expect(Set(lines.map(\.id)).count == lines.count)
        #expect(lines.compactMap(\.seq) == Array(1...lines.count))
        tail.signal(SIGINT)
        #expect(await tail.exitCode() != nil)

        // A new reader with the same cursor file goes on where the old one was.
        let next = try Program(
            "ctibridge",
            [
                "tail", "--socket", "\(site.directory)/run/api.sock", "--json", "--cursor-file",
                "\(site.directory)/cursor",
            ])
        try ring(site, 21...21)
        #expect(await eventually { ringing(next).count == 1 })
        #expect(Line.read(next.lines).first?.seq ?? 0 > lines.count)
        _ = second
    }

    @Test func showsWhatIsStaleAfterARestart() async throws {
        let site = try Site()
        let first = try await site.start()
        try ring(site, 1...1)
        #expect(await eventually { (try? site.events().contains { $0.type == "call.ringing" }) ?? false })
        first.signal(SIGKILL)
        #expect(await first.exitCode() != nil)
        let second = try await site.start()
        func calls() async throws -> String {
            let list = try Program("ctibridge", ["calls", "--socket", "\(site.directory)/run/api.sock"])
            #expect(await list.exitCode() == 0, "\(list.errors)")
            return list.lines.joined(separator: "\n")
        }
        let before = try await calls()
        #expect(before.contains("ringing (stale)"), "\(before)")
        // The provider speaks of it again.
        #expect(
            try site.notify("account=33199000021&caller=33639980001&callee=33199000021&type=CONNECT&callref=c1") == 200)
        let after = try await calls()
        #expect(after.contains("connected") && !after.contains("stale"), "\(after)")
        _ = second
    }

    /// Whom to call back: nobody of ours.
    @Test func anInternalCallIsNotMissed() async throws {
        let site = try Site()
        let daemon = try await site.start()
        for type in ["SETUP", "RELEASE"] {
            #expect(
                try site.notify("account=33199000021&caller=33199000021&callee=33199000021&type=\(type)&callref=i1")
                    == 200)
        }
        #expect(
            await eventually { (try? site.events().contains { $0.type == "call.summary" }) ?? false })
        #expect(try site.events().last { $0.type == "call.summary" }?.outcome == "no_answer")
        let missed = try Program("ctibridge", ["missed", "--socket", "\(site.directory)/run/api.sock"])
        #expect(await missed.exitCode() == 0, "\(missed.errors)")
        #expect(missed.lines == ["no missed calls"])
        _ = daemon
    }

    @Test func listsAndPlacesAndExplains() async throws {
        let (simulator, port) = try await Site.startSimulator()
        let site = try Site(simulatorPort: port)
        let daemon = try await site.start()
        let socket = ["--socket", "\(site.directory)/run/api.sock"]
        let dial = try Program("ctibridge", ["dial"] + socket + ["--source", "sales", "--name", "Zoe", "+33639980077"])
        #expect(await dial.exitCode() == 0, "\(dial.errors)")
        #expect(dial.errors.contains("cannot be told --name"))
        let id = try #require(dial.lines.first)
        try ring(site, 1...1)
        #expect(
            try site.notify("account=33199000021&caller=33639980001&callee=33199000021&type=RELEASE&callref=c1") == 200)
        #expect(
            await eventually {
                (try? site.events().contains { $0.outcome == "missed" && $0.type == "call.summary" }) ?? false
            })

        for (arguments, expected) in [
            (["calls"], id), (["call", id], "clicktodial"), (["missed"], "+33639980001"),
            (["sources"], "voipgrid/sales"), (["subscribers"], "SOCKET"), (["check"], "ok: "),
        ] {
            let program = try Program("ctibridge", [arguments[0]] + socket + arguments.dropFirst())
            #expect(await program.exitCode() == 0, "\(arguments): \(program.errors)")
            let isShown = await eventually(within: 2) { program.lines.joined(separator: "\n").contains(expected) }
            #expect(
                isShown || arguments[0] == "call" || arguments[0] == "subscribers", "\(arguments): \(program.lines)")
        }
        let hangUp = try Program("ctibridge", ["hangup"] + socket + [id])
        #expect(await hangUp.exitCode() == 0, "\(hangUp.errors)")
        let isOver = await eventually(within: 40) {
            (try? site.events().contains { $0.type == "call.summary" && $0.subject == id }) ?? false
        }
        #expect(isOver)
        _ = (simulator, daemon)
    }

    /// What the daemon knows by itself it says at once, or not at all.
    @Test func aSilentDaemonIsNotWaitedForLong() async throws {
        let server = try PlainServer()
        // Until the client goes.
        server.serve { connection in while connection.readHead() != nil {} }
        let program = try Program(
            "ctibridge", ["sources", "--url", "http://127.0.0.1:\(server.port)"], environment: ["CTIBRIDGE_TOKEN": "x"])
        #expect(await program.exitCode(within: 40) == 75)
        #expect(program.errors.contains("said nothing for 10 seconds"))
        let tail = try Program(
            "ctibridge", ["tail", "--after", "oldest", "--no-follow", "--url", "http://127.0.0.1:\(server.port)"],
            environment: ["CTIBRIDGE_TOKEN": "x"])
        #expect(await tail.exitCode(within: 60) == 75)
        #expect(tail.errors.contains("said nothing for 20 seconds"))
    }

    /// It cannot keep what it hears: a monitoring system is told, and why.
    @Test func whatIsWrongIsChecked() async throws {
        let server = try PlainServer()
        server.serve { connection in
            while let head = connection.readHead() {
                let isAnswered =
                    head.contains("/readyz")
                    ? connection.send(503, #"{"title":"Not now","detail":"the disk is full"}"#)
                    : connection.send(200, #"{"sources":[{"source":"ovh/a","state":"down","last_error":"no route"}]}"#)
                guard isAnswered else { return }
            }
        }
        let check = try Program(
            "ctibridge", ["check", "--url", "http://127.0.0.1:\(server.port)"], environment: ["CTIBRIDGE_TOKEN": "x"])
        #expect(await check.exitCode() == 1, "\(check.errors)")
        #expect(check.lines == ["not ready: the disk is full", "ovh/a down: no route"])
        let nobody = try Program("ctibridge", ["check", "--socket", "/nowhere/api.sock"])
        #expect(await nobody.exitCode() == 69)
    }

    /// The example as it is, with a command that shows what it is told.
    @Test(.timeLimit(.minutes(1))) func theScreenPopIsShown() async throws {
        let (simulator, port) = try await Site.startSimulator()
        let site = try Site(simulatorPort: port)
        let daemon = try await site.start()
        // In a process group of its own, which all of its pipeline ends with.
        let pop = try Program(
            "/usr/bin/timeout",
            [
                "60", Program.checkout.appending(path: "etc/examples/screen-pop").path(), "sh", "-c",
                #"printf '%s|%s|%s|%s\n' "$CALL_NUMBER" "$CALL_NAME" "$CALL_LINE" "$CALL_ID"; exit 3"#,
            ],
            environment: [
                "PATH": "\(Program.directory.path()):\(ProcessInfo.processInfo.environment["PATH"] ?? "")",
                "CTIBRIDGE_SOCKET": "\(site.directory)/run/api.sock",
            ])
        var isReading = false
        while !isReading {
            let list = try Program("ctibridge", ["subscribers", "--socket", "\(site.directory)/run/api.sock"])
            #expect(await list.exitCode() == 0)
            isReading = list.lines.count > 1
        }
        let hostile = "%24(touch%20x)%0A%1B[2J"
        for (caller, call) in [("33639980001", "pop1"), ("anonymous", "pop2"), (hostile, "pop3")] {
            let text = "account=33199000021&caller=\(caller)&callee=33199000021&type=SETUP&callref=\(call)"
            #expect(try site.notify(text) == 200)
        }
        #expect(await eventually { pop.lines.count == 3 }, "\(pop.lines) \(pop.errors)")
        #expect(pop.lines.first?.hasPrefix("+33639980001||+33199000021|c") == true, "\(pop.lines)")
        #expect(pop.lines.dropFirst().allSatisfy { $0.hasPrefix("hidden|") }, "\(pop.lines)")
        #expect(pop.errors.split(separator: "\n").count == 3, "\(pop.errors)")
        pop.signal(SIGTERM)
        #expect(await pop.exitCode() != nil)
        _ = (simulator, daemon)
    }

    @Test func mistakesHaveTheirExitCodes() async throws {
        let usage = try Program("ctibridge", ["tail", "--no-such-option"])
        #expect(await usage.exitCode() == 64)
        for arguments in [
            ["help", "bogus"], ["help", "conference", "bogus"], ["tail", "--cursor-file", "", "--socket", "/nowhere"],
        ] {
            let program = try Program("ctibridge", arguments)
            #expect(await program.exitCode() == 64, "\(arguments): \(program.errors)")
            #expect(program.errors.contains(arguments.contains("bogus") ? "\"bogus\"" : "--cursor-file"))
        }
        for arguments in [["help"], ["help", "help"], ["help", "tail"], ["help", "conference", "add"]] {
            #expect(await (try Program("ctibridge", arguments)).exitCode() == 0, "\(arguments)")
        }
        let nobody = try Program("ctibridge", ["calls", "--socket", "/nowhere/api.sock"])
        #expect(await nobody.exitCode() == 69)
        #expect(nobody.errors.contains("/nowhere/api.sock"))
        let site = try Site()
        let daemon = try await site.start()
        let refused = try Program(
            "ctibridge", ["dial", "--socket", "\(site.directory)/run/api.sock", "--source", "nobody", "+33639980001"])
        #expect(await refused.exitCode() == 64)
        #expect(!refused.errors.contains("Error Domain"))
        let socket = ["--socket", "\(site.directory)/run/api.sock"]
        for arguments in [
            ["tail", "--types", "nope.*"], ["dial", "--source", "sales", "(0)"],
            ["hangup", ""], ["call", ""], ["explain", ""],
            ["dial", "--source", "sales", "nobody"], ["dial", "--source", "sales", "+33 06 39 98 00 01"],
        ] {
            let program = try Program("ctibridge", arguments + socket)
            #expect(await program.exitCode() == 64, "\(arguments): \(program.errors)")
            #expect(!program.errors.isEmpty)
        }
        // The other socket, which speaks at once and not HTTP.
        for command in ["tail", "sources"] {
            let other = try Program("ctibridge", [command, "--socket", "\(site.directory)/run/events.sock"])
            #expect(await other.exitCode() == 70, "\(command): \(other.errors)")
            #expect(other.errors.contains("is an events socket"), "\(other.errors)")
        }
        let lost = try Program("ctibridge", ["tail", "--cursor-file", "/nowhere/cursor"] + socket)
        #expect(await lost.exitCode() == 74)
        // Nobody listens where the provider should be.
        let unreachable = try Program("ctibridge", ["dial", "--source", "sales", "+33639980001"] + socket)
        #expect(await unreachable.exitCode() == 69)
        #expect(
            unreachable.errors.contains("The provider could not be reached: no connection"), "\(unreachable.errors)")
        #expect(unreachable.errors.contains("nothing was ordered"))
        _ = daemon
    }

    @Test func aNumberIsFoundInAnyNotation() async throws {
        let site = try Site()
        let daemon = try await site.start()
        try ring(site, 1...2)
        #expect(await eventually { (try? site.events().filter { $0.type == "call.ringing" }.count) == 2 })
        for number in ["+33639980001", "0639980001", "06 39 98 00 01", "0033639980001", "33639980001"] {
            let list = try Program(
                "ctibridge",
                ["calls", "--json", "--number", number, "--socket", "\(site.directory)/run/api.sock"])
            #expect(await list.exitCode() == 0, "\(list.errors)")
            #expect(await eventually(within: 2) { list.lines.joined().contains("33639980001") }, "\(number)")
            #expect(!list.lines.joined().contains("33639980002"))
        }
        _ = daemon
    }

    private func ring(_ site: Site, _ numbers: ClosedRange<Int>) throws {
        for number in numbers {
            let query =
                "account=33199000021&caller=3363998\(String(format: "%04d", number))&callee=33199000021&type=SETUP"
            #expect(try site.notify(query + "&callref=c\(number)") == 200)
        }
    }
}

private func ringing(_ tail: Program) -> [Line] {
    Line.read(tail.lines).filter { $0.type == "call.ringing" }
}
