import ServiceLifecycle

/// Everything that serves readers. They say farewell at the same time, not one after the other: a reader that is stuck
/// costs its own grace only.
///
/// Their turn comes when all that might still have something to say has ended. That may hang, and readers are not to
/// lose their farewell by it: when it is late they do not wait for their turn.
struct ReaderServices: Service {
    let services: [any Service]
    /// Returns when a stop has gone on for too long, and at once where it is cancelled.
    let untilLate: @Sendable () async -> Void

    func run() async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for service in services {
                group.addTask {
                    try await service.run()
                    return true
                }
            }
            group.addTask {
                await untilLate()
                return false
            }
            var left = services.count
            while left > 0, let isService = try await group.next() {
                if isService { left -= 1 } else { group.cancelAll() }
            }
            group.cancelAll()
        }
        // A service that ends before its turn counts as one that failed.
        try? await gracefulShutdown()
    }
}
