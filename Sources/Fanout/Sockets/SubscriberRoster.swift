import CallModel
import NIOCore

/// The readers on all event sockets. Lives on the event loop.
final class SubscriberRoster {
    private var handlers: [ObjectIdentifier: SubscriberHandler] = [:]
    private var emptied: EventLoopPromise<Void>?
    /// No reader is let in any more.
    private(set) var isStopping = false

    var count: Int { handlers.count }

    func add(_ handler: SubscriberHandler) {
        handlers[ObjectIdentifier(handler)] = handler
    }

    func remove(_ handler: SubscriberHandler) {
        handlers[ObjectIdentifier(handler)] = nil
        if handlers.isEmpty {
            emptied?.succeed()
            emptied = nil
        }
    }

    /// Makes room for one more reader, where one that was sent away has not gone yet: the one that has been on its way
    /// out for longest goes. Whether one did.
    func makeRoom() -> Bool {
        let leaving = handlers.values.compactMap { handler in handler.leavingSince.map { ($0, handler) } }
        return leaving.min { $0.0 < $1.0 }?.1.giveWay() ?? false
    }

    /// New events are there.
    func pump() {
        for handler in handlers.values { handler.pump() }
    }

    func dismiss(_ reason: ByeReason, closeBy deadline: Timestamp?, where leaves: (SubscriberHandler) -> Bool) {
        for handler in handlers.values where leaves(handler) { handler.dismiss(reason, closeBy: deadline) }
    }

    /// Sends everybody away and tells when the last one is gone, which the deadline sees to.
    func stop(closeBy deadline: Timestamp, on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        isStopping = true
        dismiss(.shutdown, closeBy: deadline) { _ in true }
        if handlers.isEmpty { return eventLoop.makeSucceededVoidFuture() }
        let promise = emptied ?? eventLoop.makePromise(of: Void.self)
        emptied = promise
        return promise.futureResult
    }
}
