import NIOCore
import Synchronization

/// The connections that are served, so that they can be closed and waited for.
final class ConnectionTable: Sendable {
    private struct State {
        var isClosing = false
        var channels: [ObjectIdentifier: any Channel] = [:]
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// A connection that comes while we close is closed at once.
    func opened(_ channel: any Channel) {
        let isClosing = state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = channel
            return state.isClosing
        }
        if isClosing { channel.close(promise: nil) }
    }

    /// Nobody serves the connection any more.
    func ended(_ channel: any Channel) {
        let resumed: [CheckedContinuation<Void, Never>] = state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = nil
            guard state.channels.isEmpty else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in resumed { continuation.resume() }
    }

    /// Closes idle connections now, those that answer a request when they have, and every one after `budget`.
    /// - Parameter talking: those that end by themselves, after a farewell.
    func closeAll(except talking: Set<ObjectIdentifier>, budget: TimeAmount) {
        let channels = state.withLock { state in
            defer { state.isClosing = true }
            return state.isClosing ? [:] : state.channels
        }
        for (id, channel) in channels {
            if !talking.contains(id) {
                channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
            }
            let forced = channel.eventLoop.scheduleTask(in: budget) { channel.close(promise: nil) }
            channel.closeFuture.whenComplete { _ in forced.cancel() }
        }
    }

    /// Returns when no connection is left. Not cancellable: close them to hurry it.
    func waitUntilNone() async {
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                if state.channels.isEmpty { return true }
                state.waiting.append(continuation)
                return false
            }
            if isDone { continuation.resume() }
        }
    }
}
