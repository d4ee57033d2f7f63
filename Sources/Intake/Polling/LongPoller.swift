package import CallModel
import Logging
package import Providers

/// Drives one long-poll conversation: executes what `PollStateMachine` decides and submits what comes.
///
/// The next poll, which tells the provider that the last reply arrived, is sent only after that reply is durable.
package struct LongPoller: Sendable {
    /// More than this of a reply that nobody can read is not kept.
    static let maximumUnreadBytes = 64 << 10

    private let monitor: SourceMonitor
    private let surroundings: Surroundings
    private let scrubber: SecretScrubber
    private var conversation: any LongPollConversation
    private var machine: PollStateMachine

    package init(
        monitor: SourceMonitor, conversation: any LongPollConversation, machine: PollStateMachine,
        scrubber: SecretScrubber, surroundings: Surroundings
    ) {
        self.monitor = monitor
        self.conversation = conversation
        self.machine = machine
        self.scrubber = scrubber
        self.surroundings = surroundings
    }

    /// Polls until the task is cancelled.
    package consuming func run() async {
        var delay = Span.milliseconds(0)
        while !Task.isCancelled {
            if delay > .milliseconds(0) {
                guard (try? await surroundings.sleep(delay)) != nil else { return }
            }
            let (result, elapsed) = await surroundings.execute(conversation.nextRequest())
            guard !Task.isCancelled else { return }
            let verdict = conversation.received(result, elapsed: elapsed)
            guard let actions = await handle(verdict, result, elapsed) else { return }
            for action in actions {
                switch action {
                case .poll(let after): delay = after
                case .report(let report): await monitor.report(report, slot: conversation.slot)
                }
            }
        }
    }

    /// Nil where the daemon stops before the reply is durable.
    private mutating func handle(
        _ verdict: LongPollVerdict, _ result: Result<HTTPReply, HTTPFailure>, _ elapsed: Span
    ) async -> [PollStateMachine.Action]? {
        let now = surroundings.now()
        switch verdict {
        case .delivered(let cursor):
            monitor.polled()
            guard case .success(let reply) = result, await keep(reply.body, cursor, now) else { return nil }
            monitor.delivered(at: now)
            return machine.replied(isIdle: false, elapsed: elapsed, now: now)
        case .idle(let cursor):
            monitor.polled()
            if let cursor, case .success(let reply) = result {
                guard await keep(reply.body, cursor, now) else { return nil }
            }
            return machine.replied(isIdle: true, elapsed: elapsed, now: now)
        case .prepared: return machine.prepared()
        case .degraded(let reason):
            monitor.polled(failed: scrubber.scrub(reason))
            return machine.degraded(scrubber.scrub(reason)) + machine.prepared()
        case .sessionLost(let reason):
            monitor.polled(failed: scrubber.scrub(reason))
            return machine.sessionLost(scrubber.scrub(reason), now: now, random: surroundings.random())
        case .unreadable(let reason):
            let reason = scrubber.scrub(reason)
            monitor.polled(failed: reason)
            guard case .success(let reply) = result,
                await keep(Array(reply.body.prefix(Self.maximumUnreadBytes)), nil, now)
            else { return nil }
            return machine.unreadable(reason, now: now, random: surroundings.random())
        case .failed(let reason, let refused, let retryAfter):
            let reason = scrubber.scrub(reason)
            monitor.polled(failed: reason)
            surroundings.logger.debug("poll failed", metadata: ["source": "\(monitor.source)", "reason": "\(reason)"])
            return machine.failed(
                reason, refused: refused, retryAfter: retryAfter, now: now, random: surroundings.random())
        }
    }

    private func keep(_ body: [UInt8], _ cursor: PollCursor?, _ now: Timestamp) async -> Bool {
        let delivery = Delivery(source: monitor.source, observed: now, kind: .poll, body: scrubber.scrub(body))
        return await surroundings.keep(delivery, cursor: cursor) != nil
    }
}
