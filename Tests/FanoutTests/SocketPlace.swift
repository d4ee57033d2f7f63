import CallModel
import Fanout
import Logging
import NIOCore
import NIOPosix

/// A directory with event sockets in it.
struct SocketPlace {
    let directory = TestDirectory()

    var path: String { directory.path("events.sock") }

    func socket(_ name: String? = nil, numbers: EventEncoder.Numbers = .clear) -> EventSocket {
        EventSocket(.path(name.map(directory.path) ?? path, mode: 0o660, group: nil), numbers: numbers)
    }

    /// Serves `sockets`, or the one at `path`, while `body` runs.
    @discardableResult
    func serving<Result>(
        _ hub: StreamHub, _ sockets: [EventSocket]? = nil, limits: EventSocketLimits = EventSocketLimits(),
        _ body: (EventSocketService) async throws -> Result
    ) async throws -> Result {
        let service = EventSocketService(
            hub: hub, sockets: sockets ?? [socket()], version: "1.0",
            eventLoop: MultiThreadedEventLoopGroup.singleton.any(), limits: limits,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await service.bind()
        let result: Result
        do {
            result = try await body(service)
        } catch {
            await service.stop()
            throw error
        }
        await service.stop()
        return result
    }
}
