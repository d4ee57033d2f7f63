import Glibc
import Logging
import Testing

@testable import SystemdSupport

@Suite("Directories and streams handed over by the service manager")
struct DirectoriesTests {
    private func lookup(_ variables: [String: String]) -> EnvironmentLookup { { variables[$0] } }

    @Test func defaults() {
        let directories = ServiceDirectories(lookup([:]))
        #expect(directories.state == "/var/lib/ctibridge")
        #expect(directories.runtime == "/run/ctibridge")
        #expect(directories.credentials == nil)
    }

    @Test func fromTheEnvironment() {
        let directories = ServiceDirectories(
            lookup([
                "STATE_DIRECTORY": "/var/lib/a:/var/lib/b", "RUNTIME_DIRECTORY": "/run/a",
                "CREDENTIALS_DIRECTORY": "/run/credentials/a/",
            ]))
        #expect(directories.state == "/var/lib/a")
        #expect(directories.runtime == "/run/a")
        #expect(directories.credentials == "/run/credentials/a")
    }

    @Test(arguments: ["", "relative", ":"])
    func whatIsNoDirectory(text: String) {
        let directories = ServiceDirectories(
            lookup(["STATE_DIRECTORY": text, "RUNTIME_DIRECTORY": text, "CREDENTIALS_DIRECTORY": text]))
        #expect(directories == ServiceDirectories(lookup([:])))
    }

    @Test func theJournalsStreamIsKnownByItsInode() throws {
        let pipe = try Pipe()
        var status = stat()
        #expect(fstat(pipe.writeEnd, &status) == 0)
        let stream = "\(status.st_dev):\(status.st_ino)"
        #expect(JournalStream.isConnected(to: pipe.writeEnd, environment: lookup(["JOURNAL_STREAM": stream])))
        // Inherited from a parent whose standard error it was, and ours leads elsewhere.
        #expect(!JournalStream.isConnected(to: try Pipe().writeEnd, environment: lookup(["JOURNAL_STREAM": stream])))
        #expect(!JournalStream.isConnected(to: pipe.writeEnd, environment: lookup([:])))
        for text in ["", "9", "9:", ":9", "a:b", "\(stream):1", "-1:-1"] {
            #expect(!JournalStream.isConnected(to: pipe.writeEnd, environment: lookup(["JOURNAL_STREAM": text])))
        }
        #expect(!JournalStream.isConnected(to: -1, environment: lookup(["JOURNAL_STREAM": stream])))
    }

    @Test func theDestinationFollowsTheStream() throws {
        let pipe = try Pipe()
        var status = stat()
        #expect(fstat(pipe.writeEnd, &status) == 0)
        let stream = "\(status.st_dev):\(status.st_ino)"
        let journal = LogDestination.detect(
            descriptor: pipe.writeEnd, environment: lookup(["JOURNAL_STREAM": stream]))
        guard case .journal = journal else { Issue.record("not the journal"); return }
        #expect(journal.handler(label: "x", level: .debug) is JournalLogHandler)
        let stderr = LogDestination.detect(descriptor: pipe.writeEnd, environment: lookup([:]))
        guard case .stderr(_, let isColoured) = stderr else { Issue.record("not standard error"); return }
        #expect(!isColoured)
        #expect(stderr.handler(label: "x", level: .debug).logLevel == .debug)
    }

    @Test func coloursOnATerminalUnlessUnwanted() throws {
        var master: Int32 = -1
        var terminal: Int32 = -1
        try #require(openpty(&master, &terminal, nil, nil, nil) == 0)
        defer {
            close(master)
            close(terminal)
        }
        func isColoured(_ variables: [String: String]) -> Bool {
            guard
                case .stderr(_, let isColoured) = LogDestination.detect(
                    descriptor: terminal, environment: lookup(variables))
            else { return false }
            return isColoured
        }
        #expect(isColoured([:]))
        #expect(isColoured(["NO_COLOR": ""]))
        #expect(!isColoured(["NO_COLOR": "1"]))
        #expect(!isColoured(["TERM": "dumb"]))
    }
}
