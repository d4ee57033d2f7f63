import Logging
import ServiceLifecycle
import Testing

@testable import BridgeDaemon

/// Readers are told that the daemon stops, whatever hangs.
@Suite(.timeLimit(.minutes(1))) struct ReaderServicesTests {
    private struct Readers: Service {
        let farewell: AsyncStream<Void>.Continuation

        func run() async throws {
            try? await gracefulShutdown()
            farewell.finish()
        }
    }

    private struct Hanging: Service {
        let end: AsyncStream<Void>
        let asked: AsyncStream<Void>.Continuation

        func run() async throws {
            try? await gracefulShutdown()
            asked.finish()
            for await _ in end {}
        }
    }

    /// In a group with something that ends when it is told to.
    private func stop(isLate: Bool) async throws {
        let (farewell, bye) = AsyncStream<Void>.makeStream()
        let (end, release) = AsyncStream<Void>.makeStream()
        let (asked, ask) = AsyncStream<Void>.makeStream()
        let (late, beLate) = AsyncStream<Void>.makeStream()
        let services: [any Service] = [
            ReaderServices(services: [Readers(farewell: bye)], untilLate: { for await _ in late {} }),
            Hanging(end: end, asked: ask),
        ]
        let group = ServiceGroup(
            configuration: .init(
                services: services.map { .init(service: $0, successTerminationBehavior: .ignore) },
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
        let running = Task { try await group.run() }
        await group.triggerGracefulShutdown()
        for await _ in asked {}
        if isLate {
            beLate.finish()
            for await _ in farewell {}
            release.finish()
        } else {
            release.finish()
            for await _ in farewell {}
        }
        // Whichever came first, no service failed.
        try await running.value
    }

    @Test func theFarewellWaitsForItsTurn() async throws { try await stop(isLate: false) }

    @Test func theFarewellDoesNotWaitForWhatHangs() async throws { try await stop(isLate: true) }
}
