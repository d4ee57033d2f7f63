internal import Synchronization

/// Remembers what was asked and sent, so that a test can check rates and that nothing was repeated.
final class RequestLog: Sendable {
    private struct State {
        var snapshot = LogSnapshot()
        var nextID: UInt64 = 0
        /// The id of the first notification still listed.
        var firstNotification = 0
    }

    private static let mostListed = 20_000
    private static let mostKeys = 50_000

    private let state = Mutex(State())

    var snapshot: LogSnapshot { state.withLock { $0.snapshot } }
    var total: Int { state.withLock { $0.snapshot.total } }

    func nextID() -> UInt64 {
        state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
    }

    func began(_ exchange: Exchange, key: String?) {
        let request = exchange.request
        guard request.segments.first != "control" else { return }
        let provider = exchange.route.provider
        let entry = LoggedRequest(
            id: exchange.id, time: .now, method: request.method, target: request.target, provider: provider, key: key,
            authorization: request.authorizationScheme, body: String(request.body.prefix(4_096)))
        state.withLock { state in
            state.snapshot.total += 1
            Self.trim(&state.snapshot.requests)
            state.snapshot.requests.append(entry)
            guard let provider, let key else { return }
            var counts = state.snapshot.counts.removeValue(forKey: provider) ?? [:]
            if counts[key] != nil || counts.count < Self.mostKeys {
                counts[key, default: RequestCount()].begin(request.method)
            }
            state.snapshot.counts[provider] = counts
        }
    }

    func ended(_ id: UInt64, status: Int?) {
        let now = WallTime.now
        state.withLock { state in
            // Ids grow, so the entry is where its id says, but for requests to the control port in between.
            guard let index = Self.index(of: id, in: state.snapshot.requests) else { return }
            state.snapshot.requests[index].status = status
            state.snapshot.requests[index].heldMilliseconds =
                now.milliseconds - state.snapshot.requests[index].time.milliseconds
            let entry = state.snapshot.requests[index]
            guard let provider = entry.provider, let key = entry.key else { return }
            state.snapshot.counts[provider]?[key]?.open -= 1
        }
    }

    /// The number to give to `answered` later.
    func sent(_ notification: LoggedNotification) -> Int {
        state.withLock { state in
            let before = state.snapshot.notifications.count
            Self.trim(&state.snapshot.notifications)
            state.firstNotification += before - state.snapshot.notifications.count
            state.snapshot.notifications.append(notification)
            return state.firstNotification + state.snapshot.notifications.count - 1
        }
    }

    func answered(_ number: Int, status: Int?, problem: String?) {
        state.withLock { state in
            let index = number - state.firstNotification
            guard state.snapshot.notifications.indices.contains(index) else { return }
            state.snapshot.notifications[index].status = status
            state.snapshot.notifications[index].problem = problem
        }
    }

    /// Ids go on, so that what is still open cannot be taken for something new.
    func reset() {
        state.withLock { state in
            state.firstNotification += state.snapshot.notifications.count
            state.snapshot = LogSnapshot()
        }
    }

    private static func trim<Entry>(_ entries: inout [Entry]) {
        if entries.count >= mostListed { entries.removeFirst(mostListed / 4) }
    }

    private static func index(of id: UInt64, in requests: [LoggedRequest]) -> Int? {
        var range = requests.startIndex..<requests.endIndex
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if requests[middle].id == id { return middle }
            range = requests[middle].id < id ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }
}

extension RequestCount {
    fileprivate mutating func begin(_ method: String) {
        total += 1
        open += 1
        mostOpen = max(mostOpen, open)
        byMethod[method, default: 0] += 1
    }
}
