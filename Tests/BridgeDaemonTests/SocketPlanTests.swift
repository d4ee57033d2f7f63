import BridgeConfiguration
import CallModel
import Fanout
import Foundation
import Glibc
import HostSupport
import Logging
import ScratchDirectory
import SystemdSupport
import Testing

@testable import BridgeDaemon

/// What becomes of the configured event sockets where systemd holds some.
@Suite struct SocketPlanTests {
    private func entry(_ path: String, _ numbers: EventEncoder.Numbers) -> EventSocket {
        EventSocket(.path(path, mode: 0o660, group: nil), numbers: numbers)
    }

    private func held(_ numbers: EventEncoder.Numbers, _ descriptor: Int32 = 3) -> EventSocket {
        EventSocket(.inherited(descriptor: descriptor), numbers: numbers)
    }

    private func plan(
        _ configured: [EventSocket], path: String? = "/run/ctibridge/events.sock", isMasked: Bool = false
    ) -> SocketPlan {
        SocketPlan(configured: configured, given: [.init(descriptor: 3, path: path, isMasked: isMasked)])
    }

    @Test func itsEntrySaysWhetherNumbersAreHiddenAndTheOthersStay() {
        let other = entry("/run/ctibridge/other.sock", .clear)
        for numbers: EventEncoder.Numbers in [.clear, .masked] {
            let plan = plan([other, entry("/run/ctibridge/events.sock", numbers)])
            #expect(plan.sockets == [other, held(numbers)])
            #expect(plan.unlisted.isEmpty)
        }
    }

    @Test func anotherRuntimeDirectoryIsNoOtherSocket() {
        #expect(plan([entry("/tmp/run/events.sock", .masked)]).sockets == [held(.masked)])
        // The same path counts more than the same name.
        let elsewhere = entry("/srv/events.sock", .clear)
        #expect(
            plan([elsewhere, entry("/run/ctibridge/events.sock", .masked)]).sockets == [elsewhere, held(.masked)])
    }

    @Test func oneThatNoEntryNamesIsServedAndSaid() {
        let other = entry("/run/ctibridge/other.sock", .masked)
        let clear = entry("/run/ctibridge/clear.sock", .clear)
        let listed = plan([other, clear])
        #expect(listed.sockets == [other, clear, held(.clear)])
        // Where nobody may see numbers, an entry that was renamed shows none.
        #expect(plan([other]).sockets == [other, held(.masked)])
        #expect(plan([]).sockets == [held(.clear)])
        #expect(listed.unlisted == ["/run/ctibridge/events.sock"])
        #expect(plan([other], path: nil).unlisted == ["descriptor 3"])
    }

    @Test func itsOwnNameHidesNumbersWhateverTheEntrySays() {
        let masked = plan([entry("/run/ctibridge/events.sock", .clear)], isMasked: true)
        #expect(masked.sockets == [held(.masked)])
        #expect(plan([], isMasked: true).unlisted.isEmpty)
    }

    @Test func namesThatNobodyServesAreKnown() {
        let inherited = InheritedSockets(descriptors: ["events": [3], "evnts": [4], "webhook": [5]])
        #expect(SocketPlan.unserved(inherited, hasWebhooks: true) == ["evnts"])
        #expect(SocketPlan.unserved(inherited, hasWebhooks: false) == ["evnts", "webhook"])
        #expect(SocketPlan.unserved(.none, hasWebhooks: false).isEmpty)
    }

    /// From a real socket to the first line on it.
    @Test func aReaderOfAnInheritedSocketGetsTheNumbersOfItsEntry() async throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        let directory = scratch.path
        let yaml = """
            country: FR
            stdout: never
            sources: []
            sockets: [{path: events.sock, numbers: masked}, {path: second.sock}]
            """
        let configuration = try ConfigurationReader.read(
            bytes: Array(yaml.utf8), path: "\(directory)/ctibridge.yaml", mode: 0o600, credentialsDirectory: nil,
            providers: ProviderCatalog.shipped.settings)
        let given = try BoundSocket.unix(path: "\(directory)/events.sock", mode: 0o600, group: nil)
        let bridge = try Bridge(
            options: DaemonOptions(
                configuration: "\(directory)/ctibridge.yaml", checksConfiguration: false, stdout: false,
                stateDirectory: directory, runtimeDirectory: directory, credentialsDirectory: nil),
            configuration: configuration, providers: .shipped,
            inherited: InheritedSockets(descriptors: ["events": [given.descriptor]]),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await bridge.start()
        let hellos = try ["events.sock", "second.sock"].map { try Self.firstLine(of: "\(directory)/\($0)") }
        await bridge.close()
        #expect(hellos[0].contains(#""numbers":"masked""#), "\(hellos[0])")
        #expect(hellos[1].contains(#""numbers":"clear""#), "\(hellos[1])")
        #expect(access("\(directory)/events.sock", F_OK) == 0, "it is not ours to remove")
    }

    /// What a reader of the event socket gets first.
    private static func firstLine(of path: String) throws -> String {
        let address = try UnixSocketAddress(path: path)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        try #require(address.withPointer { connect(descriptor, $0, $1) } == 0)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while !bytes.contains(UInt8(ascii: "\n")) {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}
