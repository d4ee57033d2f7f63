/// Makes calls of what providers say.
///
/// A pure value: facts and times go in, events come out, and the same input gives the same output. It never asks for
/// the time, never waits and never fails. The rules are those of `docs/events.md`, sections States, Sessions and
/// outcomes, Times and clocks.
///
/// Feed it in this order: `advance(to:)` with the arrival time, so that what was due before is told before, then
/// `observe(_:)`.
package struct CallTracker: Sendable {
    let limits: TrackerLimits
    var calls = RevertibleTable<CallID, TrackedCall>()
    var index = CallIndex()
    var deadlines = DeadlineQueue()
    var notes = Notes()
    /// A batch that is taken back leaves them as they are: no event hangs on them, and the reports did come.
    var skews = ClockSkews()
    /// The calls that the latest fact was taken in by or changed, also where it told nothing: a journal keeps what was
    /// sent with them.
    package internal(set) var concerned: Set<CallID> = []
    /// What the present call of `observe` or `advance` has to tell.
    var drafts: [EventDraft] = []
    /// Nil but where an explanation is asked for.
    var trace: Trace?
    /// The notes as they were at `mark`; nil where nobody goes back.
    var notesBefore: Notes?

    package init(limits: TrackerLimits = TrackerLimits()) {
        self.limits = limits
    }

    // MARK: - Input

    /// Takes in one fact. Its events, in order; none where it says nothing new.
    package mutating func observe(_ fact: Fact) -> [EventDraft] {
        drafts.removeAll(keepingCapacity: true)
        concerned.removeAll(keepingCapacity: true)
        let fact = believed(fact)
        let occasion = Occasion(fact)
        notes.now = max(notes.now, fact.observed)
        switch fact.content {
        case .call(let call): observe(call, occasion)
        case .queueCount(let queue, let waiting):
            tell(.queueCount, subject: queue, occasion, .queueCount(queue: queue, waiting: waiting, words: fact.words))
        case .lineRegistered(let line):
            index.learn(line: line, of: fact.source)
            tell(.lineRegistered, subject: line, occasion, .line(line: line, words: fact.words))
        case .message(let report):
            if let repetition = report.repetition {
                notes.areNew = true
                guard notes.messages.isNew(repetition, at: fact.observed) else { break }
            }
            let type: EventType
            switch report.kind {
            case .status: type = .messageStatus
            case .received: type = .messageReceived
            }
            tell(type, subject: report.message, occasion, .message(report, words: fact.words))
        case .unparsed(let input):
            notes.areNew = true
            if let count = notes.ledger.note(input.kind, from: fact.source, at: fact.observed) {
                let subject = fact.source.description
                tell(.sourceUnparsed, subject: subject, occasion, .unparsed(input, count: count))
            }
        case .health(let report):
            let type: EventType =
                switch report.change {
                case .up: .sourceUp
                case .down: .sourceDown
                case .degraded: .sourceDegraded
                case .gap: .sourceGap
                }
            tell(type, subject: fact.source.description, occasion, .source(report))
        }
        return drafts
    }

    /// Lets everything happen that was due up to `time`, each at the time it was due.
    ///
    /// - Parameter maximum: that many deadlines at most; the rest is due still.
    package mutating func advance(to time: Timestamp, atMost maximum: Int = .max) -> [EventDraft] {
        drafts.removeAll(keepingCapacity: true)
        concerned.removeAll(keepingCapacity: true)
        notes.now = max(notes.now, time)
        var left = maximum
        while left > 0, let next = deadlines.first, next.due <= time {
            deadlines.removeFirst()
            guard let call = calls[next.call], call.due == next.due else { continue }
            left -= 1
            deadlineReached(call)
        }
        return drafts
    }

    /// When `advance(to:)` has something to do next.
    package mutating func nextDeadline() -> Timestamp? {
        while let next = deadlines.first, calls[next.call]?.due != next.due { deadlines.removeFirst() }
        return deadlines.first?.due
    }

    // MARK: - State

    /// Calls that are not over, in the order they began.
    package var liveCalls: [TrackedCall] {
        calls.values.filter { $0.isOpen && $0.isAnnounced }
            .sorted(by: TrackedCall.inOrder)
    }

    /// All calls that are not over, also those that readers do not see yet.
    package var openCalls: [TrackedCall] { calls.values.filter(\.isOpen) }

    package func call(_ id: CallID) -> TrackedCall? { calls[id] }

    package func call(named key: CallKey) -> TrackedCall? { index.call(named: key).flatMap { calls[$0] } }

    package var count: Int { calls.count }

    /// What has changed since the last time this was asked.
    package struct Changes: Sendable {
        package var changed: [TrackedCall]
        /// Calls the tracker no longer remembers.
        package var forgotten: [TrackedCall]
        /// The state that belongs to no call, where it has changed.
        package var general: General?
    }

    /// What the tracker knows apart from calls.
    package struct General: Sendable, Codable {
        var ledger = UnparsedLedger()
        var lines: [String: Set<String>] = [:]
        /// Nil in what earlier versions wrote.
        var messages: RecentMessages?
        var earlyFailures: EarlyFailures?
    }

    package mutating func takeChanges() -> Changes {
        let changes = Changes(
            changed: notes.changed.compactMap { calls[$0] }.sorted { $0.id.rawValue < $1.id.rawValue },
            forgotten: notes.forgotten,
            general: notes.areNew || index.hasNewLines
                ? General(
                    ledger: notes.ledger, lines: index.lines, messages: notes.messages,
                    earlyFailures: notes.earlyFailures) : nil)
        notes.changed.removeAll()
        notes.forgotten.removeAll()
        notes.areNew = false
        index.hasNewLines = false
        return changes
    }

    /// Goes on where the journal says. Open calls whose deadline passed while nobody looked get `grace` from `now`, so
    /// that a poller can still ask how they ended.
    ///
    /// - Parameters:
    ///   - lastAlive: when the journal was last written to. Where the clock of the host shows less than that it was set
    ///     back while nobody looked, and everything that is remembered moves along.
    ///   - isRestart: false where the daemon has run all the time: then no call is stale that was not.
    package mutating func restore(
        _ calls: [TrackedCall], general: General?, now: Timestamp, grace: Span, lastAlive: Timestamp? = nil,
        isRestart: Bool = true
    ) {
        if let general {
            notes.ledger = general.ledger
            index.lines = general.lines
            notes.messages = general.messages ?? RecentMessages()
            notes.earlyFailures = general.earlyFailures ?? EarlyFailures()
        }
        // In the order they began, because of two calls with one name the newer is meant.
        var inOrder = calls.sorted(by: TrackedCall.inOrder)
        notes.opened = calls.compactMap(\.serial).reduce(notes.opened, max)
        if let lastAlive, now < lastAlive {
            let back = now.since(lastAlive)
            for index in inOrder.indices { inOrder[index].shift(by: back) }
            notes.shift(by: back)
            notes.changed.formUnion(inOrder.map(\.id))
        }
        for var call in inOrder {
            if call.isOpen {
                if call.due <= now { call.due = now.advanced(by: grace) }
                if isRestart, call.isStale != true {
                    call.isStale = true
                    notes.changed.insert(call.id)
                }
            }
            self.calls[call.id] = call
            index.add(call, isNew: call.succeededBy == nil)
            deadlines.insert(call)
        }
    }

    /// Numbers that are known to be lines of ours: a call between two of them is internal.
    package mutating func learn(lines: some Sequence<String>, of source: SourceName) {
        for line in lines { index.learn(line: line, of: source) }
    }

    // MARK: - Bookkeeping for the steps

    mutating func store(_ call: TrackedCall) {
        let before = calls[call.id]
        guard before != call else { return }
        if let before, before.due != call.due { deadlines.insert(call) }
        if before == nil {
            makeRoom()
            deadlines.insert(call)
        }
        calls[call.id] = call
        if let before, before.callerKey != call.callerKey || (before.queue == nil) != (call.queue == nil) {
            index.forgetCaller(of: before)
        }
        index.add(call, isNew: before == nil && call.succeededBy == nil)
        notes.changed.insert(call.id)
        concerned.insert(call.id)
        if deadlines.count > 4 * calls.count + 1_024 {
            deadlines.keep { entry in calls[entry.call]?.due == entry.due }
        }
    }

    mutating func forget(_ call: TrackedCall) {
        calls[call.id] = nil
        notes.changed.remove(call.id)
        index.remove(call)
        notes.forgotten.append(call)
    }

    /// A full table makes room, for a sixteenth of it at once so that it is not searched for every new call: calls
    /// that are over and told are forgotten before their time. Where there is none, those that are due next are
    /// closed as lost and told, now.
    private mutating func makeRoom() {
        guard calls.count >= limits.maximumCalls else { return }
        let room = max(1, limits.maximumCalls / 16)
        let told = calls.values.filter { $0.dueFor == .forget || $0.dueFor == .setAside }
            .sorted { ($0.due, $0.serial ?? 0, $0.id.rawValue) < ($1.due, $1.serial ?? 0, $1.id.rawValue) }
        for call in told.prefix(room) { forget(call) }
        guard told.isEmpty else { return }
        while calls.count > limits.maximumCalls - room, let next = deadlines.first {
            deadlines.removeFirst()
            guard calls[next.call]?.due == next.due else { continue }
            // Its end, its summary and its being forgotten, one after the other.
            while var call = calls[next.call] {
                call.due = min(call.due, notes.now)
                deadlineReached(call)
            }
        }
    }
}
