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
            let (result, elapsed) = await surroundings.execute(conversation.nextRequest(), scrubber: scrubber)
            guard !Task.isCancelled else { return }
            let verdict = conversation.received(result, elapsed: elapsed)
            let step = decide(verdict, result, elapsed)
            // What is told of the source comes before what the source says: readers learn that it is back, and what was
            // missed, before its first event.
            for report in step.reports { await monitor.report(report, slot: conversation.slot) }
            if let body = step.body {
                guard await keep(body, step.cursor) else { return }
            }
            delay = step.delay
        }
    }

    /// What follows a reply or a failure.
    private struct Step {
        var reports: [SourceReport] = []
        /// To be kept before the next poll.
        var body: [UInt8]?
        var cursor: PollCursor?
        var delay = Span.milliseconds(0)

        init(_ actions: [PollStateMachine.Action], body: [UInt8]? = nil, cursor: PollCursor? = nil) {
            for action in actions {
                switch action {
                case .poll(let after): delay = after
                case .report(let report): reports.append(report)
                }
            }
            self.body = body
            self.cursor = cursor
        }
    }

    private mutating func decide(
        _ verdict: LongPollVerdict, _ result: Result<HTTPReply, HTTPFailure>, _ elapsed: Span
    ) -> Step {
        let now = surroundings.now()
        let body = (try? result.get())?.body
        switch verdict {
        case .delivered(let cursor):
            monitor.polled(slot: conversation.slot)
            monitor.delivered(at: now)
            return Step(machine.replied(isIdle: false, elapsed: elapsed, now: now), body: body, cursor: cursor)
        case .idle(let cursor):
            monitor.polled(slot: conversation.slot)
            let actions = machine.replied(isIdle: true, elapsed: elapsed, now: now)
            return cursor == nil ? Step(actions) : Step(actions, body: body, cursor: cursor)
        case .prepared: return Step(machine.prepared())
        case .degraded(let reason):
            let reason = noted(reason)
            return Step(machine.degraded(reason) + machine.prepared())
        case .sessionLost(let reason):
            return Step(machine.sessionLost(noted(reason), now: now, random: surroundings.random()))
        case .unreadable(let reason):
            let actions = machine.unreadable(noted(reason), now: now, random: surroundings.random())
            return Step(actions, body: body.map { Array($0.prefix(Self.maximumUnreadBytes)) })
        case .failed(let reason, let refused, let retryAfter):
            let reason = noted(reason)
            surroundings.logger.debug(
                "poll failed", metadata: ["source": "\(monitor.source)", "reason": "\(maskedText(reason))"])
            return Step(
                machine.failed(
                    reason, refused: refused, retryAfter: retryAfter, now: now, random: surroundings.random()))
        }
    }

    /// The reason of a poll that brought nothing, as it may be shown.
    private func noted(_ reason: String) -> String {
        let reason = scrubber.scrub(reason)
        monitor.polled(failed: reason)
        return reason
    }

    private func keep(_ body: [UInt8], _ cursor: PollCursor?) async -> Bool {
        let delivery = Delivery(source: monitor.source, observed: surroundings.now(), kind: .poll, body: body)
        return await surroundings.keep(delivery, cursor: cursor) != nil
    }
}
