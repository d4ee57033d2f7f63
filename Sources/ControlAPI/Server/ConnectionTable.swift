import NIOCore
import Synchronization

/// The connections that are open, so that they can be closed.
final class ConnectionTable: Sendable {
    private struct State {
        var isClosing = false
        var channels: [ObjectIdentifier: any Channel] = [:]
    }

    private let state = Mutex(State())

    /// A connection that comes while we close is closed at once.
    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        let isClosing = state.withLock { state in
            state.channels[id] = channel
            return state.isClosing
        }
        channel.closeFuture.whenComplete { _ in self.state.withLock { _ = $0.channels.removeValue(forKey: id) } }
        if isClosing { channel.close(promise: nil) }
    }

    /// Closes idle connections now, those that answer a request when they have, and every one after `budget`.
    /// - Parameter talking: those that end by themselves, after a farewell.
    func closeAll(except talking: Set<ObjectIdentifier>, budget: TimeAmount) {
        let channels = state.withLock { state in
            state.isClosing = true
            return state.channels
        }
        for (id, channel) in channels {
            if !talking.contains(id) {
                channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
            }
            let forced = channel.eventLoop.scheduleTask(in: budget) { channel.close(promise: nil) }
            channel.closeFuture.whenComplete { _ in forced.cancel() }
        }
    }
}
