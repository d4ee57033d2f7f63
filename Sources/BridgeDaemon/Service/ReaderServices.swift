import ServiceLifecycle

/// Everything that serves readers. They say farewell at the same time, not one after the other: a reader that is stuck
/// costs its own grace only.
struct ReaderServices: Service {
    let services: [any Service]

    func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for service in services { group.addTask { try await service.run() } }
        }
    }
}
