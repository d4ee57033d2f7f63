package import CallModel
import Providers

/// How a call became what it is: what came, what was made of it, which rules fired, and what readers were told.
///
/// Worked out by replaying raw deliveries with tracing on, so that a daemon at work keeps no trace.
package struct CallExplanation: Sendable {
    package struct Step: Sendable {
        package var observed: Timestamp
        /// Nil: a deadline.
        package var delivery: Delivery?
        /// Those about the call.
        package var facts: [Fact] = []
        package var rules: [Trace.Entry] = []
        package var events: [EventDraft] = []
    }

    package private(set) var steps: [Step] = []

    /// - Parameters:
    ///   - deliveries: in the order in which they came.
    ///   - now: up to when deadlines run.
    package init(of call: CallID, deliveries: [Delivery], context: RecordingContext, now: Timestamp) {
        var tracker = CallTracker(limits: context.limits)
        tracker.startTracing()
        var seen: Set<FactID> = []
        for delivery in deliveries {
            pass(to: delivery.observed, call, &tracker)
            let decoder =
                context.decoders[delivery.source]
                ?? RecordedDecoders.standard(for: delivery.source, country: "FR")
            var step = Step(observed: delivery.observed, delivery: context.scrubbed(delivery))
            for fact in decoder?.decode(delivery).facts ?? [] {
                guard seen.insert(fact.id).inserted else {
                    guard Self.names(fact, call, tracker) else { continue }
                    step.facts.append(fact)
                    step.rules.append(Trace.Entry(rule: .duplicate, call: call))
                    continue
                }
                let events = tracker.observe(fact).filter { Self.isAbout($0, call) }
                let rules = tracker.takeTrace().filter { $0.call == call }
                guard !rules.isEmpty || !events.isEmpty else { continue }
                step.facts.append(fact)
                step.rules += rules
                step.events += events
            }
            if !step.facts.isEmpty { steps.append(step) }
        }
        pass(to: now, call, &tracker)
    }

    private mutating func pass(to time: Timestamp, _ call: CallID, _ tracker: inout CallTracker) {
        // One deadline after the other, so that each is a step of its own.
        while let due = tracker.nextDeadline(), due <= time {
            let events = tracker.advance(to: due).filter { Self.isAbout($0, call) }
            let rules = tracker.takeTrace().filter { $0.call == call }
            guard !rules.isEmpty || !events.isEmpty else { continue }
            steps.append(Step(observed: due, delivery: nil, rules: rules, events: events))
        }
    }

    private static func isAbout(_ draft: EventDraft, _ call: CallID) -> Bool {
        if draft.subject == call.rawValue { return true }
        if case .queueOffer(let offer) = draft.data { return offer.call == call }
        return false
    }

    private static func names(_ fact: Fact, _ call: CallID, _ tracker: CallTracker) -> Bool {
        guard case .call(let said) = fact.content else { return false }
        if said.asked == call { return true }
        guard case .keys(let keys) = said.reference else { return false }
        return keys.contains { tracker.call(named: $0)?.id == call }
    }

    /// The steps as the elements of a JSON array.
    ///
    /// - Parameter seqs: the places of the events that are in the journal, by id.
    package func write(to json: inout JSONWriter, seqs: [String: Int64]) {
        for step in steps {
            json.object { json in
                json.field("observed", step.observed)
                if let delivery = step.delivery {
                    json.object("delivery") { json in
                        json.field("source", delivery.source.description)
                        json.field("kind", delivery.kind.rawValue)
                    }
                    json.array("facts") { json in step.facts.forEach { Self.write($0, &json) } }
                }
                json.array("rules") { json in
                    for entry in step.rules {
                        json.object { json in
                            json.field("rule", entry.rule.rawValue)
                            json.field("detail", entry.detail)
                            json.field("why", entry.rule.sentence)
                        }
                    }
                }
                json.array("events") { json in
                    for event in step.events {
                        json.object { json in
                            json.field("id", event.id.rawValue)
                            json.field("type", event.type.rawValue)
                            json.field("seq", seqs[event.id.rawValue])
                        }
                    }
                }
            }
        }
    }

    private static func write(_ fact: Fact, _ json: inout JSONWriter) {
        json.object { json in
            json.field("id", fact.id.rawValue)
            json.field("word", fact.words.event)
            json.field("time", fact.time)
            guard case .call(let call) = fact.content else { return }
            json.field("step", name(of: call.step))
            if call.direction != .unknown { json.field("direction", call.direction.rawValue) }
            json.field("remote", call.remote.flatMap { $0.number ?? $0.raw })
            json.field("local", call.local.flatMap { $0.number ?? $0.raw })
            json.field("session", call.session)
            json.field("inferred", call.inference)
        }
    }

    /// Stable names.
    private static func name(of step: CallFact.Step) -> String {
        switch step {
        case .placed: "placed"
        case .followed: "followed"
        case .initiated: "initiated"
        case .queued: "queued"
        case .ringing: "ringing"
        case .ringingStopped: "ringing_stopped"
        case .connected: "connected"
        case .held: "held"
        case .resumed: "resumed"
        case .ended: "ended"
        case .agentOffered: "agent_offered"
        case .agentFailed: "agent_failed"
        case .agentBridged: "agent_bridged"
        case .agentUnbridged: "agent_unbridged"
        case .transferred: "transferred"
        case .hangUpRequested: "hang_up_requested"
        case .remark: "remark"
        }
    }
}
