import CallModel
import Foundation
import Glibc
import Synchronization
import Testing

/// A person's mistakes, and what the daemon says to them.
@Suite struct StartTests {
    @Test func aWrongOptionIsUsage() async throws {
        let program = try Program("ctibridged", ["--konfig", "x"])
        #expect(await program.exitCode() == 64)
        #expect(program.errors.contains("--konfig"))
    }

    @Test(arguments: ["ctibridged", "ctibridge", "ctibridge-sim"])
    func everyProgramSaysItsNameAndVersion(name: String) async throws {
        let program = try Program(name, ["--version"])
        #expect(await program.exitCode() == 0)
        #expect(await eventually { program.lines == ["\(name) \(ctibridgeVersion)"] })
    }

    @Test func aMissingFileIsSaidToBeMissing() async throws {
        let program = try Program("ctibridged", ["--config", "/nowhere/ctibridge.yaml"])
        #expect(await program.exitCode() == 66)
        #expect(program.errors.contains("/nowhere/ctibridge.yaml"))
    }

    /// It may mean the file as it has become since it was read.
    @Test func aReloadThatIsAskedForDuringTheStartFollowsIt() async throws {
        let site = try Site()
        let pipe = "\(site.directory)/pipe.yaml"
        try #require(mkfifo(pipe, 0o600) == 0)
        let daemon = try Program(
            "ctibridged",
            ["--config", pipe, "--state-dir", "\(site.directory)/state", "--runtime-dir", "\(site.directory)/run"])
        // There is nobody to open it for before the daemon reads it.
        let writer = Mutex<Int32>(-1)
        let isReading = await eventually {
            writer.withLock { writer in
                writer = open(pipe, O_WRONLY | O_NONBLOCK)
                return writer >= 0
            }
        }
        try #require(isReading, "\(daemon.errors)")
        daemon.signal(SIGHUP)
        try site.write("next.yaml", "sources: []\nstdout: never\nsockets: [{path: other.sock}]\n")
        try #require(rename("\(site.directory)/next.yaml", pipe) == 0)
        let text = Array("sources: []\nstdout: never\n".utf8)
        let descriptor = writer.withLock { $0 }
        #expect(Glibc.write(descriptor, text, text.count) == text.count)
        close(descriptor)
        #expect(await eventually { daemon.errors.contains("configuration reloaded") }, "\(daemon.errors)")
        #expect(FileManager.default.fileExists(atPath: "\(site.directory)/run/other.sock"))
        daemon.signal(SIGTERM)
        #expect(await daemon.exitCode() == 0)
    }

    @Test func everyConfigurationErrorIsToldWithItsPlace() async throws {
        let site = try Site()
        try site.write(
            "ctibridge.yaml", "countri: FR\nsources:\n  - {name: a, provider: ovh, token: {credential: none}}\n")
        let program = try Program("ctibridged", ["--config", site.configuration, "--check-config"])
        #expect(await program.exitCode() == 78)
        #expect(program.errors.contains("ctibridge.yaml:1:1: "))
        #expect(program.errors.contains("ctibridge.yaml:3:"))
    }

    @Test func checkConfigPrintsTheURLToPaste() async throws {
        let site = try Site()
        let program = try Program(
            "ctibridged", ["--config", site.configuration, "--check-config"],
            environment: ["CREDENTIALS_DIRECTORY": "\(site.directory)/credentials"])
        #expect(await program.exitCode() == 0)
        let output = program.lines.joined(separator: "\n")
        #expect(output.contains("/hooks/keyyo/desk/\(Site.hookSecret)?account=_ACCOUNT_&caller=_CALLER_"))
        #expect(!output.contains(Site.token))
        #expect(!output.contains(Site.password))
    }

    @Test func whatCannotBePrintedIsNoSuccess() async throws {
        let site = try Site()
        let check = "'\(Program.directory.path())ctibridged' --config '\(site.configuration)' --check-config"
        let environment = ["CREDENTIALS_DIRECTORY": "\(site.directory)/credentials"]
        let full = try Program("/bin/sh", ["-c", "exec \(check) > /dev/full"], environment: environment)
        #expect(await full.exitCode() == 74)
        #expect(full.errors.contains("cannot write the output"))
    }

    @Test func aPortThatIsTakenIsNamed() async throws {
        let site = try Site()
        let first = try await site.start()
        let other = try Site()
        try other.write(
            "ctibridge.yaml", try String(contentsOfFile: site.configuration, encoding: .utf8))
        let second = try Program(
            "ctibridged",
            [
                "--config", other.configuration, "--state-dir", "\(other.directory)/state", "--runtime-dir",
                "\(other.directory)/run",
            ], environment: ["CREDENTIALS_DIRECTORY": "\(site.directory)/credentials"])
        #expect(await second.exitCode() == 69)
        #expect(second.errors.contains("\(site.hookPort)"))
        first.signal(SIGTERM)
        #expect(await first.exitCode() == 0)
    }

    /// One notation for all: an address as people write it, a message that begins in lower case.
    @Test func theLogIsReadable() async throws {
        let site = try Site()
        let daemon = try await site.start()
        #expect(try site.notify("type=SETUP", secret: "not-the-secret-not-the-secret") == 404)
        #expect(await eventually { daemon.errors.contains("webhook refused") })
        #expect(daemon.errors.contains("127.0.0.1:\(site.hookPort)"))
        #expect(!daemon.errors.contains("[IPv4]"))
        daemon.signal(SIGTERM)
        #expect(await daemon.exitCode() == 0)
    }

    @Test func aJournalHasOneDaemon() async throws {
        let site = try Site()
        let first = try await site.start()
        let second = try Program(
            "ctibridged",
            ["--config", site.configuration, "--state-dir", "\(site.directory)/state", "--runtime-dir", "/tmp"],
            environment: ["CREDENTIALS_DIRECTORY": "\(site.directory)/credentials"])
        #expect(await second.exitCode() == 74)
        #expect(second.errors.contains("journal.sqlite"))
        #expect(first.isRunning)
    }

    /// What `systemctl status` shows is how things are, not how they were at the start.
    @Test func theStatusFollowsWhatHappens() async throws {
        let site = try Site()
        let manager = try NotifySocket(path: "\(site.directory)/notify")
        let daemon = try await site.start(environment: ["NOTIFY_SOCKET": manager.path])
        func isTold(_ text: String) -> Bool {
            let deadline = ContinuousClock.now + .seconds(20)
            while ContinuousClock.now < deadline {
                if manager.receiveAny(within: 1)?.contains(text) == true { return true }
            }
            return false
        }
        #expect(
            try site.notify("account=33199000021&caller=33639980001&callee=33199000021&type=SETUP&callref=r1") == 200)
        #expect(isTold(", 1 call"))
        let text = try String(contentsOfFile: site.configuration, encoding: .utf8)
        try site.write("ctibridge.yaml", text + "nonsense: 1\n")
        daemon.signal(SIGHUP)
        #expect(isTold(", 1 call; running with the old configuration: the new one is invalid"))
        #expect(
            try site.notify("account=33199000021&caller=33639980002&callee=33199000021&type=SETUP&callref=r2") == 200)
        #expect(isTold(", 2 calls; running with the old configuration: the new one is invalid"))
        try site.write("ctibridge.yaml", text)
        daemon.signal(SIGHUP)
        #expect(isTold("READY=1\nSTATUS="))
        #expect(await eventually { daemon.errors.contains("configuration reloaded") })
        #expect(
            try site.notify("account=33199000021&caller=33639980003&callee=33199000021&type=SETUP&callref=r3") == 200)
        let last = (0..<20).lazy.compactMap { _ in manager.receiveAny(within: 1) }.first { $0.contains(", 3 calls") }
        #expect(last?.contains("old configuration") == false)
        daemon.signal(SIGTERM)
        #expect(await daemon.exitCode() == 0)
    }

    @Test func theServiceManagerIsTold() async throws {
        let site = try Site()
        let path = "\(site.directory)/notify"
        let receiver = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(receiver) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let code = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(receiver, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(code == 0)
        let daemon = try await site.start(environment: ["NOTIFY_SOCKET": path])
        daemon.signal(SIGTERM)
        #expect(await daemon.exitCode() == 0)
        var told = ""
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = recv(receiver, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { break }
            told += String(decoding: buffer[..<count], as: UTF8.self) + "\n"
        }
        #expect(told.contains("READY=1"))
        #expect(told.contains("STATUS="))
        #expect(told.contains("STOPPING=1"))
    }
}
