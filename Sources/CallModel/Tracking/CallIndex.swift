/// Finds calls by what a fact says about them.
struct CallIndex: Sendable {
    private var byKey = RevertibleTable<CallKey, CallID>()
    private var byLine: [String: Set<CallID>] = [:]
    private var bySession = RevertibleTable<String, CallGroup>()
    private var byDialog = RevertibleTable<CallKey, CallID>()
    /// Which call took over this dialogue, also where its own call was never seen.
    private var replacements = RevertibleTable<CallKey, CallID>()
    /// Incoming calls by who calls, to find those of one caller: stays in queues, and calls to lines. However many of
    /// the latter there are, the former are found.
    private var stays = RevertibleTable<String, CallGroup>()
    private var lineCalls = RevertibleTable<String, CallGroup>()
    /// The session that took in the one which the provider named.
    private var renamed = RevertibleTable<String, Renaming>()
    /// Calls we placed that no notification has named yet.
    private var placed: [SourceName: Set<CallID>] = [:]
    /// Calls that a notification told of and that may turn out to be placed by us.
    private var notified: [SourceName: Set<CallID>] = [:]
    /// In what order calls were heard of.
    private var serials: [CallID: Int] = [:]
    /// The numbers of our own lines, by source: a call between two of them is internal.
    var lines: [String: Set<String>] = [:]
    var hasNewLines = false
    /// As they were at `mark`.
    private var formerLines: (lines: [String: Set<String>], areNew: Bool)?

    /// Holds for as long as a call that was of the session is remembered.
    private struct Renaming {
        var session: String
        var calls = CallGroup()
    }

    /// More lines than this a source are not learnt.
    private static let maximumLines = 5_000

    func call(named key: CallKey) -> CallID? { byKey[key] }
    func calls(onLine line: String) -> Set<CallID> { byLine[line] ?? [] }
    func calls(inSession session: String) -> Set<CallID> { bySession[session]?.calls ?? [] }
    func call(inDialog dialog: CallKey) -> CallID? { byDialog[dialog] }
    func replacement(of dialog: CallKey) -> CallID? { replacements[dialog] }
    func stays(of caller: String) -> Set<CallID> { stays[caller]?.calls ?? [] }
    func lineCalls(of caller: String) -> Set<CallID> { lineCalls[caller]?.calls ?? [] }
    func session(named session: String) -> String { renamed[session]?.session ?? session }
    func placedCalls(of source: SourceName) -> Set<CallID> { placed[source] ?? [] }
    func notifiedCalls(of source: SourceName) -> Set<CallID> { notified[source] ?? [] }

    /// In the order in which they were heard of, and never in that of their ids, which are made of the numbers.
    func inOrder(_ calls: some Sequence<CallID>) -> [CallID] {
        calls.map { (serial: serials[$0] ?? 0, id: $0) }
            .sorted { $0.serial != $1.serial ? $0.serial < $1.serial : $0.id.rawValue < $1.id.rawValue }
            .map(\.id)
    }

    /// - Parameter isNew: a new call takes over the names of an older one; an older one that changes does not take
    ///   them back.
    mutating func add(_ call: TrackedCall, isNew: Bool) {
        for key in call.keys where isNew || byKey[key] == nil { byKey[key] = call.id }
        for dialog in call.dialogKeys where isNew || byDialog[dialog] == nil { byDialog[dialog] = call.id }
        enlist(call)
        let isTold = call.summary != nil
        if let session = call.session { bySession[session, default: CallGroup()].insert(call.id, isTold: isTold) }
        if let replaced = call.replaces { replacements[replaced] = call.id }
        if let own = call.ownSession, let session = call.session {
            renamed[own, default: Renaming(session: session)].session = session
            renamed[own]?.calls.insert(call.id, isTold: isTold)
        }
        guard call.isSetAside != true else { return forgetCaller(of: call) }
        if let caller = call.callerKey {
            if call.queue == nil {
                lineCalls[caller, default: CallGroup()].insert(call.id, isTold: isTold)
            } else {
                stays[caller, default: CallGroup()].insert(call.id, isTold: isTold)
            }
        }
    }

    mutating func remove(_ call: TrackedCall) {
        for key in call.keys where byKey[key] == call.id { byKey[key] = nil }
        for dialog in call.dialogKeys where byDialog[dialog] == call.id { byDialog[dialog] = nil }
        forgetSession(of: call)
        if let replaced = call.replaces, replacements[replaced] == call.id { replacements[replaced] = nil }
        forgetCaller(of: call)
        strike(call)
    }

    /// The sets that hang on nothing but what the call is now; some hold thousands. What is found by its names alone
    /// takes no place among those waiting for a notification.
    private mutating func enlist(_ call: TrackedCall) {
        serials[call.id] = call.serial
        if let parties = call.parties { byLine[parties.line, default: []].insert(call.id) }
        if call.awaitsNotification, call.isSetAside != true {
            placed[call.source, default: []].insert(call.id)
        } else {
            placed[call.source]?.remove(call.id)
        }
        if call.mayTurnOutPlaced, call.isSetAside != true {
            notified[call.source, default: []].insert(call.id)
        } else {
            notified[call.source]?.remove(call.id)
        }
    }

    private mutating func strike(_ call: TrackedCall) {
        serials[call.id] = nil
        if let parties = call.parties {
            byLine[parties.line]?.remove(call.id)
            if byLine[parties.line]?.isEmpty == true { byLine[parties.line] = nil }
        }
        placed[call.source]?.remove(call.id)
        notified[call.source]?.remove(call.id)
    }

    mutating func forgetCaller(of call: TrackedCall) {
        guard let caller = call.callerKey else { return }
        Self.take(call.id, from: caller, &stays)
        Self.take(call.id, from: caller, &lineCalls)
    }

    /// The call has no part in its session, nor in what that was called by the provider.
    mutating func forgetSession(of call: TrackedCall) {
        move(call.id, from: call.session)
        guard let own = call.ownSession, renamed[own] != nil else { return }
        renamed[own]?.calls.remove(call.id)
        if renamed[own]?.calls.isEmpty == true { renamed[own] = nil }
    }

    mutating func move(_ call: CallID, from session: String?) {
        if let session { Self.take(call, from: session, &bySession) }
    }

    mutating func learn(line: String, of source: SourceName) {
        guard lines[source.description]?.contains(line) != true,
            lines[source.description, default: []].count < Self.maximumLines
        else { return }
        lines[source.description, default: []].insert(line)
        hasNewLines = true
    }

    func isOurs(_ number: String, of source: SourceName) -> Bool {
        lines[source.description]?.contains(number) == true
    }

    private static func take(_ call: CallID, from key: String, _ table: inout RevertibleTable<String, CallGroup>) {
        guard table[key] != nil else { return }
        table[key]?.remove(call)
        if table[key]?.isEmpty == true { table[key] = nil }
    }

    // MARK: - Going back

    /// From here on one can go back.
    mutating func mark() {
        byKey.mark()
        bySession.mark()
        byDialog.mark()
        replacements.mark()
        stays.mark()
        lineCalls.mark()
        renamed.mark()
        formerLines = (lines, hasNewLines)
    }

    /// What has changed since `mark` stays.
    mutating func settle() {
        byKey.settle()
        bySession.settle()
        byDialog.settle()
        replacements.settle()
        stays.settle()
        lineCalls.settle()
        renamed.settle()
        formerLines = nil
    }

    /// Nothing of what has changed since `mark` has happened.
    ///
    /// - Parameter calls: every call that has changed since, as it is and as it was.
    mutating func revert(_ calls: some Sequence<(now: TrackedCall?, former: TrackedCall?)>) {
        byKey.revert()
        bySession.revert()
        byDialog.revert()
        replacements.revert()
        stays.revert()
        lineCalls.revert()
        renamed.revert()
        for (now, former) in calls {
            if let now { strike(now) }
            if let former { enlist(former) }
        }
        if let formerLines { (lines, hasNewLines) = (formerLines.lines, formerLines.areNew) }
        formerLines = nil
    }
}

extension TrackedCall {
    /// Placed by us and not yet named by a notification. One that was refused is over; one whose end a status told may
    /// still be spoken of.
    var awaitsNotification: Bool { isPlaced && !isNotified && (isOpen || keys.count > 1) }

    /// Who calls, of a call that comes in; scoped to the provider, whose queues and lines may be told by several
    /// sources.
    var callerKey: String? {
        role == .inbound ? remote?.number.map { "\(source.provider.rawValue) \($0)" } : nil
    }

    /// Known from notifications alone, and not coming in.
    var mayTurnOutPlaced: Bool {
        isNotified && !isPlaced && isOpen && (direction != .inbound || mayBeFirstLeg == true)
    }
}
