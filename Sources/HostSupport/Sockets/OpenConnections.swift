package import NIOCore
import Synchronization

/// The connections that a listener serves, so that stopping can reach them and wait for them.
package final class OpenConnections: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isStopping = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// A connection that comes after `stop` is closed at once.
    package func opened(_ channel: any Channel) {
        let isLate = state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = channel
            return state.isStopping
        }
        if isLate { channel.close(promise: nil) }
    }

    /// Nobody serves the connection any more.
    package func ended(_ channel: any Channel) {
        let resumed: [CheckedContinuation<Void, Never>] = state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = nil
            guard state.channels.isEmpty else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in resumed { continuation.resume() }
    }

    /// Those that are open, and whether this is the first time that they are asked to end.
    package func stop() -> (channels: [any Channel], isFirst: Bool) {
        state.withLock { state in
            defer { state.isStopping = true }
            return (Array(state.channels.values), !state.isStopping)
        }
    }

    /// Returns when no connection is left. Not cancellable: close them to hurry it.
    package func waitUntilNone() async {
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
