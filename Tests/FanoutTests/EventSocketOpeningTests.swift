import CallModel
import Glibc
import HostSupport
import Testing

@testable import Fanout

/// How event sockets come to be, change and go.
struct EventSocketOpeningTests {
    private let place = SocketPlace()
    private var path: String { place.path }

    private func mode(_ path: String) -> UInt32 {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test func theFileHasTheModeAskedFor() async throws {
        for wanted: UInt32 in [0o600, 0o660, 0o666] {
            let socket = EventSocket(.path(path, mode: wanted, group: nil), numbers: .clear)
            try await place.serving(makeHub(), [socket]) { _ in #expect(mode(path) == wanted) }
        }
    }

    @Test func aFileThatACrashLeftBehindIsReplaced() async throws {
        let address = try UnixSocketAddress(path: path)
        let dead = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        #expect(address.withPointer { bind(dead, $0, $1) } == 0)
        close(dead)
        try await place.serving(makeHub()) { _ in
            let reader = try TestReader.connect(path).start()
            #expect(try await eventually { try reader.lines().count == 2 })
        }
    }

    @Test func aSocketSomebodyListensOnIsLeftAlone() async throws {
        try await place.serving(makeHub()) { _ in
            await #expect(throws: EventSocketError.socket(.inUse(path))) { try await place.serving(makeHub()) { _ in } }
            let reader = try TestReader.connect(path).start()
            #expect(try await eventually { try reader.lines().count == 2 })
        }
        #expect(SocketError.inUse("/x").description.contains("another process is listening on /x"))
    }

    @Test func whatIsNotASocketIsLeftAlone() async throws {
        close(open(path, O_CREAT | O_WRONLY, 0o600))
        await #expect(throws: EventSocketError.socket(.notASocket(path))) {
            try await place.serving(makeHub()) { _ in }
        }
        #expect(access(path, F_OK) == 0)
    }

    @Test func whatCannotBeOpenedIsExplained() async throws {
        func opening(_ origin: EventSocket.Origin...) async throws {
            try await place.serving(makeHub(), origin.map { EventSocket($0, numbers: .clear) }) { _ in }
        }
        let long = "/" + String(repeating: "x", count: 107)
        await #expect(throws: EventSocketError.socket(.pathNotAbsolute("a.sock"))) {
            try await opening(.path("a.sock", mode: 0o600, group: nil))
        }
        await #expect(throws: EventSocketError.socket(.pathTooLong(long))) {
            try await opening(.path(long, mode: 0o600, group: nil))
        }
        await #expect(throws: EventSocketError.socket(.unknownGroup("no-such-group", path: path))) {
            try await opening(.path(path, mode: 0o600, group: "no-such-group"))
        }
        let nowhere = place.directory.path("none/events.sock")
        await #expect(throws: EventSocketError.socket(.system(operation: "bind", name: nowhere, code: ENOENT))) {
            try await opening(.path(nowhere, mode: 0o600, group: nil))
        }
        await #expect(throws: EventSocketError.configuredTwice(path)) {
            try await opening(.path(path, mode: 0o600, group: nil), .path(path, mode: 0o660, group: nil))
        }
        await #expect(throws: EventSocketError.self) { try await opening(.inherited(descriptor: 0)) }
        #expect(access(path, F_OK) != 0, "nothing is left behind")
    }

    @Test func servesASocketThatWasHandedOver() async throws {
        let bound = try BoundSocket.unix(path: path, mode: 0o600, group: nil)
        let hub = makeHub()
        try await place.serving(hub, [EventSocket(.inherited(descriptor: bound.descriptor), numbers: .clear)]) { _ in
            let reader = try TestReader.connect(path).start()
            #expect(try await eventually { try reader.lines().count == 2 })
            #expect(hub.subscribers.list().first?.socket == path)
        }
        #expect(access(path, F_OK) == 0, "it is not ours to remove")
        bound.removeFile()
    }

    @Test func aReloadKeepsTheReadersOfSocketsThatStay() async throws {
        let hub = makeHub()
        try await place.serving(hub, [place.socket(), place.socket("second.sock"), place.socket("third.sock")]) {
            service in
            let stays = try TestReader.connect(path).start()
            let goes = try TestReader.connect(place.directory.path("second.sock")).start()
            let changes = try TestReader.connect(place.directory.path("third.sock")).start()
            #expect(await eventually { hub.subscribers.count == 3 })
            try await service.apply([
                EventSocket(.path(path, mode: 0o600, group: nil), numbers: .clear),
                place.socket("third.sock", numbers: .masked), place.socket("fourth.sock"),
            ])
            for reader in [goes, changes] {
                #expect(await eventually { reader.isAtEnd })
                #expect(try reader.lines().last?.data.reason == "reconfigured")
            }
            #expect(mode(path) == 0o600)
            #expect(access(place.directory.path("second.sock"), F_OK) != 0)
            let masked = try TestReader.connect(place.directory.path("third.sock")).start()
            let fourth = try TestReader.connect(place.directory.path("fourth.sock")).start()
            #expect(try await eventually { try masked.lines().count == 2 && fourth.lines().count == 2 })
            #expect(try masked.lines()[0].data.numbers == "masked")
            hub.publish([line(1)])
            #expect(try await eventually { try stays.lines().last?.seq == 1 })
        }
    }

    @Test func aReloadThatFailsChangesNothing() async throws {
        let hub = makeHub()
        try await place.serving(hub) { service in
            let reader = try TestReader.connect(path).start()
            #expect(await eventually { hub.subscribers.count == 1 })
            let bad = EventSocket(.path(place.directory.path("none/x.sock"), mode: 0o600, group: nil), numbers: .clear)
            await #expect(throws: EventSocketError.self) { try await service.apply([place.socket("new.sock"), bad]) }
            #expect(access(place.directory.path("new.sock"), F_OK) != 0)
            hub.publish([line(1)])
            #expect(try await eventually { try reader.lines().last?.seq == 1 })
            let another = try TestReader.connect(path).start()
            #expect(try await eventually { try another.lines().last?.type == "stream.live" })
        }
    }

    @Test func aReloadThatFailsAtALaterSocketLeavesTheModesOfTheOthers() async throws {
        let second = place.directory.path("second.sock")
        try await place.serving(makeHub(), [place.socket(), place.socket("second.sock")]) { service in
            unlink(second)
            let gone = EventSocketError.socket(.system(operation: "stat", name: second, code: ENOENT))
            await #expect(throws: gone) {
                try await service.apply(
                    [path, second].map {
                        EventSocket(.path($0, mode: 0o666, group: nil), numbers: .clear)
                    })
            }
            #expect(mode(path) == 0o660)
            #expect(gone.description.contains("restart the daemon"))
        }
    }

    /// Root may give a socket to any group, so that there is nothing to see for it.
    @Test(.enabled(if: geteuid() != 0)) func aGroupThatIsRefusedLeavesTheMode() async throws {
        let socket = try BoundSocket.unix(path: path, mode: 0o660, group: nil)
        #expect(throws: SocketError.system(operation: "chown", name: path, code: EPERM)) {
            try BoundSocket.permit(path: path, mode: 0o666, group: "root")
        }
        #expect(mode(path) == 0o660)
        socket.closeUnserved()
    }
}
