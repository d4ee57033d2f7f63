package import CallModel
import Logging
package import Providers
import Synchronization

/// Follows click-to-dial calls by asking for their status until they are over.
///
/// One request in flight a call; over all calls of the source at most one request every 50 ms.
package final class StatusFollower: Sendable {
    /// Calls followed at once; more are refused.
    package static let maximumCalls = 1_000

    private struct State {
        var following: Set<String> = []
        var pacer = RequestPacer(interval: .milliseconds(50))
        var machine: PollStateMachine
    }

    private let monitor: SourceMonitor
    private let requests: VoIPGRIDRequests
    private let polling: StatusPolling
    private let maximumAge: Span
    private let isPushed: Bool
    private let scrubber: SecretScrubber
    private let surroundings: Surroundings
    /// The state of an open call by the provider's id; nil once it is over.
    private let callState: @Sendable (String) -> CallState?
    private let state: Mutex<State>
    private let arrivals: AsyncStream<String>
    private let arrival: AsyncStream<String>.Continuation

    /// - Parameter isPushed: whether the source has a hook, so that it goes on where we are refused.
    package init(
        monitor: SourceMonitor, requests: VoIPGRIDRequests, polling: StatusPolling, maximumAge: Span,
        isPushed: Bool = false, scrubber: SecretScrubber, surroundings: Surroundings,
        callState: @escaping @Sendable (String) -> CallState?
    ) {
        self.monitor = monitor
        self.requests = requests
        self.polling = polling
        self.maximumAge = maximumAge
        self.isPushed = isPushed
        self.scrubber = scrubber
        self.surroundings = surroundings
        self.callState = callState
        state = Mutex(State(machine: PollStateMachine()))
        (arrivals, arrival) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.maximumCalls))
    }

    /// Begins to follow a call. False where too many are followed already.
    @discardableResult
    package func follow(_ callid: String) -> Bool {
        let isNew = state.withLock { state -> Bool? in
            guard !state.following.contains(callid) else { return false }
            guard state.following.count < Self.maximumCalls else { return nil }
            state.following.insert(callid)
            return true
        }
        if isNew == true { arrival.yield(callid) }
        return isNew != nil
    }

    /// Works until the task is cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for await callid in arrivals {
                group.addTask {
                    await self.track(callid)
                    self.state.withLock { _ = $0.following.remove(callid) }
                }
            }
            group.cancelAll()
        }
    }

    private func track(_ callid: String) async {
        var polling = polling
        var delay = Span.milliseconds(0)
        var last: [UInt8]?
        let deadline = surroundings.ticks().advanced(by: maximumAge)
        while surroundings.ticks() < deadline {
            guard await pause(delay) else { return }
            // Only now: a turn taken for later would keep the turns before it from every other call.
            guard await pause(state.withLock { $0.pacer.reserve(now: surroundings.ticks()) }) else { return }
            let (result, elapsed) = await surroundings.execute(requests.status(of: callid), scrubber: scrubber)
            guard !Task.isCancelled else { return }
            let action = polling.received(result, random: surroundings.random())
            await note(result, elapsed)
            switch action {
            case .poll(let after): delay = after
            case .deliver(let status, let isEnd):
                guard case .success(let reply) = result else { return }
                let body = reply.body
                // The same reply again says nothing new.
                if body != last || status == 404 {
                    guard await keep(body, String(status), callid) else { return }
                    last = body
                }
                if isEnd { return }
                delay = polling.pause(inState: callState(callid))
            }
        }
        _ = await keep([], VoIPGRIDStatus.expired, callid)
        surroundings.logger.warning(
            "a call is followed no longer; its end was not reported",
            metadata: ["source": "\(monitor.source)", "callid": "\(callid)"])
    }

    /// False where the task was cancelled.
    private func pause(_ span: Span) async -> Bool {
        guard span > .milliseconds(0) else { return true }
        return (try? await surroundings.sleep(span)) != nil
    }

    private func keep(_ body: [UInt8], _ status: String, _ callid: String) async -> Bool {
        let now = surroundings.now()
        let delivery = Delivery(
            source: monitor.source, observed: now, kind: .status, body: body,
            attributes: ["callid": callid, "status": status])
        monitor.delivered(at: now)
        return await surroundings.keep(delivery) != nil
    }

    /// While calls are followed, the questions about them say how the source is: what is answered to a request for a
    /// call, which may be refused by itself, would be contradicted by the next of them.
    func notePlacement(_ result: Result<HTTPReply, HTTPFailure>, _ elapsed: Span) async {
        guard case .success(let reply) = result, [401, 403].contains(reply.status),
            state.withLock({ !$0.following.isEmpty })
        else { return await note(result, elapsed) }
        monitor.polled(failed: scrubber.scrub(PlacementResult.reason(of: reply)))
    }

    /// The health of the source is that of its requests, whichever call they were for. A request that is no good is no
    /// sign of a source that is; a redirect that is not followed leads nowhere for any of them.
    func note(_ result: Result<HTTPReply, HTTPFailure>, _ elapsed: Span) async {
        let now = surroundings.now()
        let actions: [PollStateMachine.Action]
        switch result {
        case .success(let reply)
        where !(300..<400).contains(reply.status) && reply.status < 500 && ![401, 403, 429].contains(reply.status):
            monitor.polled()
            actions = state.withLock { $0.machine.replied(isIdle: false, elapsed: elapsed, now: now) }
        case .success(let reply):
            let reason = scrubber.scrub(PlacementResult.reason(of: reply))
            monitor.polled(failed: reason)
            let refused = reply.status == 401 || reply.status == 403
            actions = state.withLock { $0.machine.failed(reason, refused: refused, now: now, random: 0) }
        case .failure(let failure):
            let reason = scrubber.scrub(failure.description)
            monitor.polled(failed: reason)
            actions = state.withLock { $0.machine.failed(reason, now: now, random: 0) }
        }
        for case .report(var report) in actions where report.change != .gap {
            if isPushed, report.change == .down { report = SourceReport(change: .degraded, reason: report.reason) }
            await monitor.report(report, slot: "status")
        }
    }
}
