import Foundation
import Testing

/// A ping says that the daemon works, not merely that it runs.
@Suite struct WatchdogTests {
    /// The manager's patience: a ping is due every half of it.
    private static let patience = 1.0

    private func start(_ site: Site) async throws -> (Program, NotifySocket) {
        let manager = try NotifySocket(path: "\(site.directory)/notify")
        let daemon = try await site.start(environment: [
            "NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "\(Int(Self.patience * 1_000_000))",
        ])
        #expect(manager.receive(within: 5)?.hasPrefix("READY=1") == true)
        return (daemon, manager)
    }

    @Test func pingsComeTwiceInTheTimeThatIsGranted() async throws {
        let site = try Site()
        let (daemon, manager) = try await start(site)
        #expect(manager.receive(within: 5) == "WATCHDOG=1")
        let first = ContinuousClock.now
        for _ in 0..<4 {
            #expect(manager.receive(within: 5) == "WATCHDOG=1")
        }
        let elapsed = Double((ContinuousClock.now - first) / .milliseconds(1)) / 1_000
        // Four halves and not four wholes; how much more it is says how busy the machine is.
        #expect(elapsed > 4 * Self.patience / 2 * 0.8, "\(elapsed) s")
        daemon.signal(SIGTERM)
        #expect(await daemon.exitCode(within: 3) == 0)
    }

    @Test func aStoppedProcessSendsNone() async throws {
        let site = try Site()
        let (daemon, manager) = try await start(site)
        daemon.signal(SIGSTOP)
        let hasStopped = await eventually {
            let text = (try? String(contentsOfFile: "/proc/\(daemon.id)/status", encoding: .utf8)) ?? ""
            return text.contains("State:\tT")
        }
        #expect(hasStopped)
        manager.drain()
        #expect(manager.receive(within: 1.5 * Self.patience) == nil)
        daemon.signal(SIGCONT)
        #expect(manager.receive(within: 10) == "WATCHDOG=1")
        daemon.signal(SIGTERM)
        #expect(await daemon.exitCode(within: 3) == 0)
    }

    /// Each of them can hang while the process goes on: nothing durable, nobody served, nothing polled.
    @Test(
        .enabled(if: FrozenThread.isPermitted, "this environment forbids ptrace"),
        arguments: [("journal", "journal"), ("NIO-", "event loop"), ("curl", "curl")])
    func aThreadThatHangsWithholdsThem(thread: String, part: String) async throws {
        let site = try Site()
        let (daemon, manager) = try await start(site)
        #expect(manager.receive(within: 5) == "WATCHDOG=1")
        let frozen = try FrozenThread(of: daemon, named: thread)
        let isTold = await eventually {
            daemon.errors.split(separator: "\n").contains { $0.contains("does not move") && $0.contains(part) }
        }
        #expect(isTold)
        manager.drain()
        #expect(manager.receive(within: 1.5 * Self.patience) == nil)
        frozen.thaw()
        #expect(manager.receive(within: 10) == "WATCHDOG=1")
        daemon.signal(SIGTERM)
        #expect(await daemon.exitCode(within: 3) == 0)
    }
}
