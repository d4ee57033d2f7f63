import BridgeConfiguration
import CallModel
import EventJournal
import Foundation
import Glibc
import HostSupport
import LogCapture
import Logging
import NIOPosix
import ScratchDirectory
import Synchronization
import SystemdSupport
import Testing
import UnixSignals

@testable import BridgeDaemon

/// What is true when the service manager is told that the daemon is ready.
@Suite struct BridgeStartTests {
    private let scratch: ScratchDirectory
    private var directory: String { scratch.path }
    private let bridge: Bridge

    init() throws {
        scratch = try ScratchDirectory()
        let file = try scratch.write("country: FR\nstdout: never\nsources: []\n", to: "ctibridge.yaml")
        bridge = try Bridge(
            options: DaemonOptions(
                configuration: file, checksConfiguration: false, stdout: nil, stateDirectory: scratch.path,
                runtimeDirectory: scratch.path, credentialsDirectory: nil),
            configuration: try ConfigurationReader.read(
                path: file, credentialsDirectory: nil, providers: ProviderCatalog.shipped.settings),
            providers: .shipped, inherited: .none,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    @Test func theAPIAnswersBeforeAnyServiceRuns() async throws {
        try await bridge.start()
        #expect(try await get("/readyz").hasPrefix("HTTP/1.1 200"))
        bridge.stopping()
        #expect(try await get("/readyz").hasPrefix("HTTP/1.1 503"))
        #expect(try await get("/healthz").hasPrefix("HTTP/1.1 200"))
        await bridge.close()
        for name in ["api.sock", "events.sock"] { #expect(access("\(directory)/\(name)", F_OK) != 0) }
        scratch.remove()
    }

    /// What came between the end of listening and the last word in the journal is part of the next run's gap.
    @Test func theJournalSaysUntilWhenEverythingWasHeard() async throws {
        try await bridge.start()
        bridge.stopping()
        let stopped = WallClock.now()
        while WallClock.now() <= stopped {}
        await bridge.close()
        let journal = try EventJournal(path: "\(directory)/journal.sqlite", now: WallClock.now())
        let alive = try #require(try BatchProcessor.daemonState(in: journal)?.alive)
        #expect(alive <= stopped)
        journal.close()
        scratch.remove()
    }

    /// A stop makes a reload give up: nothing is wrong with the configuration.
    @Test func aReloadThatAStopCutsIsNoError() async throws {
        try await bridge.start()
        let log = CapturedLog()
        let text = """
            country: FR
            stdout: never
            sources: [{name: desk, provider: keyyo, account: "33199000021", secret: {value: "hook-secret-for-tests-0001"}}]
            webhooks: {listen: "127.0.0.1:0"}

            """
        try text.write(toFile: "\(directory)/ctibridge.yaml", atomically: false, encoding: .utf8)
        let service = ReloadService(
            bridge: bridge, signals: await UnixSignalsSequence(trapping: .sigwinch),
            told: ToldStatus(ServiceNotifier()), logger: log.logger)
        let reload = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            await service.reload()
        }
        _ = await reload.value
        #expect(log.text.contains("the daemon is stopping"), "\(log.text)")
        #expect(!log.text.contains("error"), "\(log.text)")
        await bridge.close()
        scratch.remove()
    }

    /// It would take the daemon for running again.
    @Test func onceItStopsNoReloadTellsTheServiceManagerAnything() async throws {
        try await bridge.start()
        let told = Mutex<[String]>([])
        let service = ReloadService(
            bridge: bridge, signals: await UnixSignalsSequence(trapping: .sigwinch),
            told: ToldStatus(
                ServiceNotifier { fields in
                    told.withLock { $0.append(fields[0]) }
                    return true
                }), logger: CapturedLog().logger)
        service.begin()
        service.end()
        service.begin()
        bridge.stopping()
        service.end()
        service.begin()
        #expect(told.withLock { $0 } == ["RELOADING=1", "READY=1", "RELOADING=1"])
        await bridge.close()
        scratch.remove()
    }

    /// What a reload told is not what was told before it: the same line as then is news again.
    @Test func theStatusIsTrueAgainAfterAReload() async throws {
        try await bridge.start()
        let sent = Mutex<[String]>([])
        let told = ToldStatus(
            ServiceNotifier { fields in
                sent.withLock { $0 += fields.filter { $0.hasPrefix("STATUS=") } }
                return true
            })
        let status = StatusService(bridge: bridge, told: told)
        let reload = ReloadService(
            bridge: bridge, signals: await UnixSignalsSequence(trapping: .sigwinch), told: told,
            logger: CapturedLog().logger)
        status.look()
        status.look()
        let line = "STATUS=\(bridge.status)"
        #expect(sent.withLock { $0 } == [line])
        reload.begin()
        status.look()
        bridge.remark("old")
        reload.end()
        bridge.remark(nil)
        status.look()
        status.look()
        #expect(sent.withLock { $0 } == [line, "STATUS=reloading", "\(line); old", line])
        bridge.remark("late")
        bridge.stopping()
        status.look()
        #expect(sent.withLock { $0.count } == 4)
        await bridge.close()
        scratch.remove()
    }

    /// The list in `docs/operations.md` and the program cannot part.
    @Test func everyMetricIsDocumentedAndNoOther() async throws {
        try await bridge.start()
        _ = try await get("/healthz")
        let served = try await get("/metrics").split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
            .compactMap { $0.split(separator: " ").dropFirst(2).first.map(String.init) }
        await bridge.close()
        scratch.remove()
        let root = #filePath.components(separatedBy: "/Tests/")[0]
        let lines = try String(contentsOf: URL(filePath: "\(root)/docs/operations.md"), encoding: .utf8)
            .split(separator: "\n")
        let documented = lines.filter { $0.hasPrefix("| `ctibridge_") }
            .compactMap { $0.split(separator: "`").dropFirst().first?.split(separator: "{").first.map(String.init) }
        #expect(served.sorted() == documented.sorted())
        #expect(Set(served).count == served.count)
    }

    /// One request over the socket of the API; the whole answer. On a thread that the answer does not need.
    private func get(_ path: String) async throws -> String {
        try await NIOThreadPool.singleton.runIfActive { [directory] in
            try Self.get(path, from: "\(directory)/api.sock")
        }
    }

    private static func get(_ path: String, from socketPath: String) throws -> String {
        let address = try UnixSocketAddress(path: socketPath)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        try #require(address.withPointer { connect(descriptor, $0, $1) } == 0)
        let request = Array("GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8)
        #expect(send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count)
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            answer += buffer[..<count]
        }
        return String(decoding: answer, as: UTF8.self)
    }
}
