/// Decides when a poller polls next and what the stream is told about the health of its source.
///
/// Pure: the driver reports what happened and when, and does what it is told. The promises: after a good reply the
/// next poll follows at once; after an error never sooner than the back-off; two failures in a row are a source that
/// is down; a recovery is told; a stretch in which events may have been lost is told with its limits.
package struct PollStateMachine: Sendable {
    /// What the driver has to do, in this order.
    package enum Action: Sendable, Equatable {
        case poll(after: Span)
        case report(SourceReport)
    }

    /// What was last reported of this poller; `starting` before anything was.
    package enum Health: Sendable, Equatable {
        case starting, up, degraded, down
    }

    /// How the provider stands to a part of the source that it has refused.
    private enum Refusal: Sendable {
        case none
        /// Told in the preparation that is going on.
        case told
        /// The source is polled without the part. The next preparation asks for it again.
        case standing
    }

    private let backoff: Backoff
    /// An outage longer than this may have cost events (OVH: two polls).
    private let gapAfter: Span
    package private(set) var health = Health.starting
    private var failures = 0
    private var quickIdleReplies = 0
    private var refusal = Refusal.none
    /// The provider never answered, and no request to it failed in this run.
    private var isFirstQuestion = false
    /// Whether the last reply was a good one.
    private var isHearing = false
    /// What whoever takes this place has to know, as soon as all that was reported is durable.
    package private(set) var memory: PollMemory

    /// - Parameter memory: of the poller before; empty where nobody ever polled.
    package init(
        backoff: Backoff = Backoff(), gapAfter: Span = .seconds(150), memory: PollMemory = PollMemory()
    ) {
        self.backoff = backoff
        self.gapAfter = gapAfter
        self.memory = memory
    }

    /// What the next run has to know where nothing more is heard in this one; nil while all is heard.
    package var debt: PollMemory? { isHearing ? nil : memory }

    /// A request is about to be sent. Before its first answer a provider keeps nothing for us: if we end before that,
    /// or ask in vain, whatever it had to say from now on is lost.
    package mutating func asking(at now: Timestamp) {
        guard memory.unknownSince == nil else { return }
        memory = memory.losing("nothing is kept for us before the provider's first answer", at: now)
        isFirstQuestion = true
    }

    /// A good reply came. `isIdle`: it brought nothing; `elapsed`: how long the server held the request.
    package mutating func replied(isIdle: Bool, elapsed: Span, now: Timestamp) -> [Action] {
        var actions: [Action] = []
        if let missed = missed(now) {
            actions.append(
                .report(
                    SourceReport(change: .gap, reason: missed.reason, from: min(missed.since, now), to: now)))
        }
        memory = PollMemory(heard: now)
        isFirstQuestion = false
        isHearing = true
        failures = 0
        if refusal != .none {
            refusal = .standing
            if health != .degraded {
                actions.append(
                    .report(SourceReport(change: .degraded, reason: "the provider answers, but not for all of it")))
            }
            health = .degraded
        } else if health != .up {
            health = .up
            actions.append(.report(SourceReport(change: .up, reason: "the provider answers")))
        }
        // A server that answers "nothing" without holding the request would be asked in a tight loop.
        quickIdleReplies = isIdle && elapsed < .seconds(1) ? quickIdleReplies + 1 : 0
        actions.append(.poll(after: quickIdleReplies >= 3 ? .seconds(1) : .milliseconds(0)))
        return actions
    }

    /// What may have been lost before a good reply.
    private func missed(_ now: Timestamp) -> PollMemory.Loss? {
        if let loss = memory.loss { return isFirstQuestion ? nil : loss }
        guard let heard = memory.heard, failures > 0 || health == .starting, now.since(heard) > gapAfter else {
            return nil
        }
        return .init(since: heard, reason: "no contact for longer than the provider keeps events for us")
    }

    /// A step towards the next poll went well (a session was made): go on at once, without a word.
    package mutating func prepared() -> [Action] {
        if refusal == .standing { refusal = .none }
        return [.poll(after: .milliseconds(0))]
    }

    /// No usable reply came.
    /// - Parameters:
    ///   - refused: the provider says no to us, not to the moment: told at once.
    ///   - random: uniform in 0..<1.
    package mutating func failed(
        _ reason: String, refused: Bool = false, retryAfter: Span? = nil, now: Timestamp, random: Double
    ) -> [Action] {
        failures += 1
        quickIdleReplies = 0
        isFirstQuestion = false
        isHearing = false
        var actions: [Action] = []
        if health != .down, failures >= 2 || refused {
            health = .down
            actions.append(.report(SourceReport(change: .down, reason: reason, from: memory.heard)))
        }
        var delay = backoff.delay(afterFailures: refused ? failures + 4 : failures, random: random)
        if let retryAfter { delay = min(max(delay, retryAfter), .hours(1)) }
        actions.append(.poll(after: delay))
        return actions
    }

    /// A reply came and could not be read: a failure, and when the provider can be understood again, a gap.
    package mutating func unreadable(_ reason: String, now: Timestamp, random: Double) -> [Action] {
        memory = memory.losing("a reply was cut off or could not be read; events in it may be lost", at: now)
        return failed(reason, now: now, random: random)
    }

    /// The provider no longer knows our session: what came since the last reply may be lost. A rebuilt session is
    /// used at once, unless sessions are lost one after the other: then the source is down as after any two failures.
    package mutating func sessionLost(_ reason: String, now: Timestamp, random: Double) -> [Action] {
        let from = memory.unknownSince.map { min($0, now) }
        memory = PollMemory(heard: now)
        isFirstQuestion = false
        isHearing = false
        failures += 1
        quickIdleReplies = 0
        refusal = .none
        var actions = [Action.report(SourceReport(change: .gap, reason: reason, from: from, to: now))]
        guard failures >= 2 else { return actions + [.poll(after: .milliseconds(0))] }
        if health != .down {
            health = .down
            actions.append(.report(SourceReport(change: .down, reason: reason, from: from)))
        }
        actions.append(.poll(after: backoff.delay(afterFailures: failures, random: random)))
        return actions
    }

    /// Part of the source does not work; the rest goes on. Stays so until a later preparation goes through whole.
    package mutating func degraded(_ reason: String) -> [Action] {
        refusal = .told
        guard health != .degraded else { return [] }
        health = .degraded
        return [.report(SourceReport(change: .degraded, reason: reason))]
    }
}
