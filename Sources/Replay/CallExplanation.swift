package import CallModel
import Providers

/// How a call became what it is: what came, what was made of it, which rules fired, and what readers were told.
///
/// Worked out by replaying raw deliveries with tracing on, so that a daemon at work keeps no trace.
package struct CallExplanation: Sendable {
    /// One fact, of which a delivery may hold many, or one deadline.
    package struct Step: Sendable {
        package var observed: Timestamp
        /// Nil: a deadline, or what was told and cannot be told again.
        package var delivery: Delivery?
        /// Nil for a deadline, and for what was told and cannot be told again.
        package var fact: Fact?
        /// Those that fired for the call, in order.
        package var rules: [Trace.Entry] = []
        package var events: [Event] = []
        /// What readers were told then and what today's rules do not make of what is kept.
        package var toldThen: [Told] = []
    }

    /// An event that comes out of a step.
    package struct Event: Sendable {
        package var draft: EventDraft
        /// Which of the step's rules told it: the last that fired before; nil where none had.
        package var rule: Int?
    }

    /// An event as the journal has it.
    package struct Told: Sendable, Hashable {
        package var seq: Int64
        /// The event's id: what is made today is recognised by it.
        package var id: String
        package var type: String
        package var observed: Timestamp

        package init(seq: Int64, id: String, type: String, observed: Timestamp) {
            self.seq = seq
            self.id = id
            self.type = type
            self.observed = observed
        }
    }

    package private(set) var steps: [Step] = []
    private var seqs: [String: Int64] = [:]

    /// - Parameters:
    ///   - deliveries: in the order in which they came; those before the call's own tell what else went on.
    ///   - lines: the numbers that were known to be lines of ours before them.
    ///   - told: what the journal has of the call, in order.
    ///   - now: up to when deadlines run.
    package init(
        of call: CallID, deliveries: [Delivery], lines: [SourceName: [String]] = [:], told: [Told] = [],
        context: RecordingContext, now: Timestamp
    ) {
        var tracker = CallTracker(limits: context.limits)
        for (source, numbers) in lines { tracker.learn(lines: numbers, of: source) }
        tracker.startTracing()
        // Of each fact whether it had to do with the call.
        var seen: [FactID: Bool] = [:]
        for delivery in deliveries {
            pass(to: delivery.observed, call, &tracker)
            let decoder =
                context.decoders[delivery.source]
                ?? RecordedDecoders.shipped.standard(for: delivery.source, country: "FR")
            for fact in decoder?.decode(delivery).facts ?? [] {
                var step = Step(observed: delivery.observed, delivery: context.scrubbed(delivery), fact: fact)
                if let concerned = seen[fact.id] {
                    guard concerned else { continue }
                    step.rules = [Trace.Entry(rule: .duplicate, call: call)]
                } else {
                    step.add(tracker.observe(fact), tracker.takeTrace(), of: call)
                    seen[fact.id] = !step.isEmpty
                    guard !step.isEmpty else { continue }
                }
                steps.append(step)
            }
        }
        pass(to: now, call, &tracker)
        add(told)
    }

    /// Whether everything that was told is told again.
    package var isFaithful: Bool { !steps.contains { !$0.toldThen.isEmpty } }

    /// What was told then and is not told again stands at its time, so that nothing a reader saw is missing here.
    private mutating func add(_ told: [Told]) {
        for event in told { seqs[event.id] = event.seq }
        let again = Set(steps.flatMap(\.events).map(\.draft.id.rawValue))
        for event in told where !again.contains(event.id) {
            let place = steps.firstIndex { $0.observed > event.observed } ?? steps.count
            steps.insert(Step(observed: event.observed, toldThen: [event]), at: place)
        }
    }

    private mutating func pass(to time: Timestamp, _ call: CallID, _ tracker: inout CallTracker) {
        // One deadline after the other, so that each is a step of its own.
        while let due = tracker.nextDeadline(), due <= time {
            var step = Step(observed: due)
            step.add(tracker.advance(to: due), tracker.takeTrace(), of: call)
            if !step.isEmpty { steps.append(step) }
        }
    }

    /// The steps as the elements of a JSON array. An event without `seq` was not told, or is no longer kept.
    package func write(to json: inout JSONWriter) {
        for step in steps {
            json.object { json in
                json.field("observed", step.observed)
                if let delivery = step.delivery {
                    json.object("delivery") { json in
                        json.field("source", delivery.source.description)
                        json.field("kind", delivery.kind.rawValue)
                    }
                    if let fact = step.fact { json.object("fact") { json in Self.write(fact, &json) } }
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
                            json.field("id", event.draft.id.rawValue)
                            json.field("type", event.draft.type.rawValue)
                            json.field("seq", seqs[event.draft.id.rawValue])
                            json.field("rule", event.rule.map(Int64.init))
                        }
                    }
                    for event in step.toldThen {
                        json.object { json in
                            json.field("id", event.id)
                            json.field("type", event.type)
                            json.field("seq", event.seq)
                            json.field("told_then", true)
                        }
                    }
                }
            }
        }
    }

    private static func write(_ fact: Fact, _ json: inout JSONWriter) {
        json.field("id", fact.id.rawValue)
        json.field("word", fact.words.event)
        json.field("time", fact.time)
        guard case .call(let call) = fact.content else { return }
        json.field("step", call.step.name)
        if call.direction != .unknown { json.field("direction", call.direction.rawValue) }
        json.field("remote", call.remote.flatMap { $0.number ?? $0.raw })
        json.field("local", call.local.flatMap { $0.number ?? $0.raw })
        json.field("session", call.session)
        json.field("inferred", call.inference)
    }
}

extension CallExplanation.Step {
    fileprivate var isEmpty: Bool { rules.isEmpty && events.isEmpty }

    /// What of all that was told, and of all rules that fired, is about the call.
    fileprivate mutating func add(_ drafts: [EventDraft], _ trace: [Trace.Entry], of call: CallID) {
        rules = trace.filter { $0.call == call }
        for (place, draft) in drafts.enumerated() where Self.isAbout(draft, call) {
            events.append(
                CallExplanation.Event(draft: draft, rule: rules.lastIndex { $0.toldBefore <= place }))
        }
    }

    private static func isAbout(_ draft: EventDraft, _ call: CallID) -> Bool {
        if draft.subject == call.rawValue { return true }
        if case .queueOffer(let offer) = draft.data { return offer.call == call }
        return false
    }
}
