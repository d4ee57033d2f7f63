import CallModel
import NIOCore
import Synchronization

/// The streams that are being sent, so that they can be told to end.
final class StreamTable: Sendable {
    private struct Entry {
        let stop: StreamStop
        let channel: ObjectIdentifier
        let token: String?
    }

    private struct State {
        var isStopping = false
        var next = 0
        var entries: [Int: Entry] = [:]
    }

    private let maximum: Int
    private let state = Mutex(State())

    init(maximum: Int) {
        self.maximum = maximum
    }

    var count: Int { state.withLock { $0.entries.count } }

    /// - Returns: what `leave` takes. Throws 503 where there are as many as are allowed, or the daemon is stopping.
    func enter(_ stop: StreamStop, channel: any Channel, token: String?) throws(Problem) -> Int {
        let (number, problem): (Int, Problem?) = state.withLock { state in
            guard !state.isStopping else { return (0, .stopping) }
            guard state.entries.count < maximum else {
                return (0, .unavailable("\(maximum) streams are being read, which is as many as are allowed"))
            }
            state.next += 1
            state.entries[state.next] = Entry(stop: stop, channel: ObjectIdentifier(channel), token: token)
            return (state.next, nil)
        }
        if let problem { throw problem }
        return number
    }

    func leave(_ number: Int) {
        state.withLock { _ = $0.entries.removeValue(forKey: number) }
    }

    /// Ends the streams that were opened with one of these tokens.
    func end(tokens: Set<String>) {
        let stops = state.withLock { state in
            state.entries.values.filter { $0.token.map(tokens.contains) ?? false }.map(\.stop)
        }
        for stop in stops { stop.fire(.bye(.reconfigured)) }
    }

    /// Ends every stream and lets none begin.
    /// - Returns: the channels whose last lines are still to be written.
    func endAll() -> Set<ObjectIdentifier> {
        let entries = state.withLock { state in
            state.isStopping = true
            return Array(state.entries.values)
        }
        for entry in entries { entry.stop.fire(.bye(.shutdown)) }
        return Set(entries.map(\.channel))
    }
}
