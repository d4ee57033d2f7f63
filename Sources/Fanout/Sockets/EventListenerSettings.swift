import Synchronization

/// What a listening socket is configured as now: mode, group and numbers may change while it listens.
final class EventListenerSettings: Sendable {
    private let configured: Mutex<EventSocket>

    init(_ socket: EventSocket) {
        configured = Mutex(socket)
    }

    var socket: EventSocket { configured.withLock { $0 } }

    func change(to socket: EventSocket) {
        configured.withLock { $0 = socket }
    }
}
