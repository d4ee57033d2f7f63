package import CallModel
import Logging
package import Providers

/// Drives one long-poll conversation: executes what `PollStateMachine` decides and submits what comes.
///
/// The next poll, which tells the provider that the last reply arrived, is sent only after that reply is durable.
package struct LongPoller: Sendable {
    /// More than this of a reply that nobody can read is not kept.
    static let maximumUnreadBytes = 64 << 10

    /// Why something may be missing after the end of a poller.
    package static let cut = "a poll was cut off when this source was stopped; what it brought is not given again"

    private let monitor: SourceMonitor
    private let surroundings: Surroundings
    private let scrubber: SecretScrubber
    private var conversation: any LongPollConversation
    private var machine: PollStateMachine
    /// What the journal says of what was missed.
    private var noted: PollMemory?
    /// Of the last reply that brought events, to know it again.
    private var lastReply: Int?

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

    package var slot: String { conversation.slot }

    /// What it has to tell as soon as its provider answers.
    package var memory: PollMemory { machine.memory }

    /// Makes durable what this poller has taken up from another.
    package func noteMemory() async {
        _ = await surroundings.keep(
            .carrier(of: monitor.source, observed: surroundings.now()), cursor: cursor(machine.memory))
    }

    /// Polls until the task is cancelled.
    ///
    /// Whatever ends it, the monitor knows what the next one has to tell: nothing counts as heard, and no gap as told,
    /// before it is durable.
    package consuming func run() async {
        machine.asking(at: surroundings.now())
        monitor.remember(machine.memory, slot: conversation.slot)
        await submit(cursor(machine.debt))
        var delay = Span.milliseconds(0)
        while !Task.isCancelled {
            if delay > .milliseconds(0) {
                guard (try? await surroundings.sleep(delay)) != nil else { return }
            }
            if conversation.losesWhatIsCut {
                monitor.remember(machine.memory.losing(Self.cut, at: surroundings.now()), slot: conversation.slot)
            }
            let (result, elapsed) = await surroundings.execute(conversation.nextRequest(), scrubber: scrubber)
            guard !Task.isCancelled else { return }
            let verdict = conversation.received(result, elapsed: elapsed)
            let arrived = surroundings.now()
            let step = decide(verdict, result, elapsed, arrived)
            // What is told of the source comes before what the source says: readers learn that it is back, and what was
            // missed, before its first event.
            for report in step.reports {
                guard await monitor.report(report, slot: conversation.slot) else { return }
            }
            guard await monitor.tellAgain() else { return }
            var cursor = step.cursor ?? (machine.debt == noted ? nil : cursor(nil))
            cursor?.memory = machine.debt
            if let body = step.body {
                let delivery = Delivery(source: monitor.source, observed: arrived, kind: .poll, body: body)
                guard await surroundings.keep(delivery, cursor: cursor) != nil else { return }
                noted = machine.debt
            } else if let cursor {
                await submit(cursor)
            }
            monitor.remember(machine.memory, slot: conversation.slot)
            delay = step.delay
        }
    }

    private func cursor(_ memory: PollMemory?) -> PollCursor {
        PollCursor(slot: conversation.slot, value: nil, memory: memory)
    }

    /// Nothing waits for it: where the journal does not take it the next run tells too much of a gap, not too little.
    private mutating func submit(_ cursor: PollCursor) async {
        let carrier = Delivery.carrier(of: monitor.source, observed: surroundings.now())
        if (try? await surroundings.sink.submit(carrier, cursor: cursor)) != nil { noted = cursor.memory }
    }

    /// What follows a reply or a failure.
    private struct Step {
        var reports: [SourceReport] = []
        /// To be kept before the next poll, with the cursor.
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
        _ verdict: LongPollVerdict, _ result: Result<HTTPReply, HTTPFailure>, _ elapsed: Span, _ now: Timestamp
    ) -> Step {
        let body = (try? result.get())?.body
        switch verdict {
        case .delivered(let cursor):
            monitor.polled()
            monitor.delivered(at: now)
            // The same reply again brings nothing: a server that gives it at once is asked no faster than one that
            // gives none.
            let isRepeated = lastReply == body?.hashValue
            lastReply = body?.hashValue
            return Step(machine.replied(isIdle: isRepeated, elapsed: elapsed, now: now), body: body, cursor: cursor)
        case .idle(let cursor, let isNeeded):
            monitor.polled()
            let actions = machine.replied(isIdle: true, elapsed: elapsed, now: now)
            return Step(actions, body: cursor != nil && isNeeded ? body : nil, cursor: cursor)
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
}
