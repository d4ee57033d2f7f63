import Glibc
import Testing

@testable import SystemdSupport

/// libsystemd reads the environment itself, so these tests change it, one after the other.
@Suite("What libsystemd reads from the environment", .serialized)
struct EnvironmentTests {
    private let notifier = ServiceNotifier()

    @Test func withoutAServiceManagerNothingIsSent() {
        unsetenv("NOTIFY_SOCKET")
        #expect(!notifier.ready(status: "x"))
        #expect(!notifier.watchdog())
    }

    @Test func aVanishedServiceManagerIsNoError() {
        setenv("NOTIFY_SOCKET", "/nowhere/notify", 1)
        defer { unsetenv("NOTIFY_SOCKET") }
        #expect(!notifier.stopping())
    }

    @Test func messages() throws {
        let manager = try DatagramSocket()
        setenv("NOTIFY_SOCKET", manager.path, 1)
        defer { unsetenv("NOTIFY_SOCKET") }
        #expect(notifier.ready(status: "3 sources"))
        #expect(manager.receive() == "READY=1\nSTATUS=3 sources")
        #expect(notifier.ready(status: "two\nREADY=1"))
        #expect(manager.receive() == "READY=1\nSTATUS=two\\nREADY=1")
        #expect(notifier.watchdog())
        #expect(manager.receive() == "WATCHDOG=1")
        #expect(notifier.status("4 sources") && ServiceNotifier.isHeard)
        #expect(manager.receive() == "STATUS=4 sources")
        #expect(notifier.stopping())
        #expect(manager.receive() == "STOPPING=1\nSTATUS=stopping")
        #expect(manager.receive() == nil)
    }

    @Test func reloadingTellsTheTime() throws {
        let manager = try DatagramSocket()
        setenv("NOTIFY_SOCKET", manager.path, 1)
        defer { unsetenv("NOTIFY_SOCKET") }
        let before = Self.monotonicMicroseconds()
        #expect(notifier.reloading())
        let after = Self.monotonicMicroseconds()
        let fields = try #require(manager.receive()).split(separator: "\n")
        #expect(fields.count == 3)
        #expect(fields.first == "RELOADING=1" && fields.last == "STATUS=reloading")
        let time = try #require(fields.dropFirst().first)
        #expect(time.hasPrefix("MONOTONIC_USEC="))
        let microseconds = try #require(Int64(time.dropFirst("MONOTONIC_USEC=".count)))
        #expect((before...after).contains(microseconds))
    }

    @Test func watchdog() {
        unsetenv("WATCHDOG_USEC")
        #expect(ServiceNotifier.watchdogInterval() == nil)
        setenv("WATCHDOG_USEC", "30000000", 1)
        defer {
            unsetenv("WATCHDOG_USEC")
            unsetenv("WATCHDOG_PID")
        }
        #expect(ServiceNotifier.watchdogInterval() == .seconds(30))
        setenv("WATCHDOG_PID", "\(getpid())", 1)
        #expect(ServiceNotifier.watchdogInterval() == .seconds(30))
        // Meant for another process.
        setenv("WATCHDOG_PID", "1", 1)
        #expect(ServiceNotifier.watchdogInterval() == nil)
        unsetenv("WATCHDOG_PID")
        setenv("WATCHDOG_USEC", "nonsense", 1)
        #expect(ServiceNotifier.watchdogInterval() == nil)
    }

    @Test func noSocketsAreInherited() throws {
        unsetenv("LISTEN_PID")
        unsetenv("LISTEN_FDS")
        let sockets = try InheritedSockets.take()
        #expect(sockets.names.isEmpty)
        #expect(sockets.descriptors(named: "events").isEmpty)
    }

    @Test func socketsForAnotherProcessAreLeftAlone() throws {
        setenv("LISTEN_PID", "1", 1)
        setenv("LISTEN_FDS", "2", 1)
        #expect(try InheritedSockets.take().names.isEmpty)
        #expect(getenv("LISTEN_FDS") == nil)
    }

    @Test func nonsenseIsRefused() {
        setenv("LISTEN_PID", "\(getpid())", 1)
        setenv("LISTEN_FDS", "many", 1)
        #expect(throws: InheritedSockets.Failure.refused(errno: EINVAL)) { try InheritedSockets.take() }
        unsetenv("LISTEN_PID")
        unsetenv("LISTEN_FDS")
    }

    private static func monotonicMicroseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }
}
