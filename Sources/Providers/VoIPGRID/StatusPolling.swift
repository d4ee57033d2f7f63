package import CallModel

/// How one click-to-dial call is followed: when its status is asked for, and when that ends.
///
/// The intervals are those of public clients (1 to 1.5 s), slower once the parties talk. A failed poll does not end
/// the tracking, unlike in those clients, which lose calls that way.
package struct StatusPolling: Sendable {
    /// What whoever follows the call does after a reply.
    package enum Action: Sendable, Equatable {
        /// Ask again after this long.
        case poll(after: Span)
        /// Keep what came, then ask again as the call stands, or stop where it said the end.
        case deliver(status: Int, isEnd: Bool)
    }

    private let interval: Span
    private let connectedInterval: Span
    private let backoff: Backoff
    private var failures = 0

    package init(
        interval: Span = .seconds(1), connectedInterval: Span = .seconds(5),
        backoff: Backoff = Backoff(base: .seconds(1), cap: .seconds(30))
    ) {
        self.interval = interval
        self.connectedInterval = connectedInterval
        self.backoff = backoff
    }

    /// - Parameter random: uniform in 0..<1.
    package mutating func received(_ result: Result<HTTPReply, HTTPFailure>, random: Double) -> Action {
        switch result {
        case .success(let reply) where (200..<300).contains(reply.status):
            guard JSONValue.read(reply.body)?.object != nil else { return failed(random) }
            failures = 0
            return .deliver(status: reply.status, isEnd: VoIPGRIDStatus.isEnd(reply))
        // The id is not known, or no longer.
        case .success(let reply) where reply.status == 404: return .deliver(status: 404, isEnd: true)
        case .success(let reply):
            let action = failed(random)
            if let seconds = reply.retryAfterSeconds, case .poll(let delay) = action {
                return .poll(after: max(delay, .seconds(Int64(min(seconds, 300)))))
            }
            return action
        case .failure: return failed(random)
        }
    }

    private mutating func failed(_ random: Double) -> Action {
        failures += 1
        return .poll(after: max(interval, backoff.delay(afterFailures: failures, random: random)))
    }

    /// When to ask again after a delivery that was no end. A call that we closed because nothing changed for too long
    /// is asked about more slowly: its real end puts that right.
    package func pause(inState state: CallState?) -> Span {
        switch state {
        case nil, .ended, .connected, .held: connectedInterval
        default: interval
        }
    }
}
