/// Finds calls by what a fact says about them.
struct CallIndex: Sendable {
    private var byKey: [CallKey: CallID] = [:]
    private var byLine: [String: Set<CallID>] = [:]
    private var bySession: [String: CallGroup] = [:]
    private var byDialog: [CallKey: CallID] = [:]
    /// Which call took over this dialogue, also where its own call was never seen.
    private var replacements: [CallKey: CallID] = [:]
    /// Incoming calls by who calls, to find those of one caller: stays in queues, and calls to lines. However many of the
    /// latter there are, the former are found.
    private var stays: [String: CallGroup] = [:]
    private var lineCalls: [String: CallGroup] = [:]
    /// The session that took in the one which the provider named.
    private var renamed: [String: String] = [:]
    /// Calls we placed that no notification has named yet.
    private var placed: [SourceName: Set<CallID>] = [:]
    /// Calls that a notification told of and that may turn out to be placed by us.
    private var notified: [SourceName: Set<CallID>] = [:]
    /// In what order calls were heard of.
    private var serials: [CallID: Int] = [:]
    /// The numbers of our own lines, by source: a call between two of them is internal.
    var lines: [String: Set<String>] = [:]
    var hasNewLines = false

    /// More lines than this a source are not learnt.
    private static let maximumLines = 5_000

    func call(named key: CallKey) -> CallID? { byKey[key] }
    func calls(onLine line: String) -> Set<CallID> { byLine[line] ?? [] }
    func calls(inSession session: String) -> Set<CallID> { bySession[session]?.calls ?? [] }
    func call(inDialog dialog: CallKey) -> CallID? { byDialog[dialog] }
    func replacement(of dialog: CallKey) -> CallID? { replacements[dialog] }
    func stays(of caller: String) -> Set<CallID> { stays[caller]?.calls ?? [] }
    func lineCalls(of caller: String) -> Set<CallID> { lineCalls[caller]?.calls ?? [] }
    func session(named session: String) -> String { renamed[session] ?? session }
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
        if let serial = call.serial { serials[call.id] = serial }
        for key in call.keys where isNew || byKey[key] == nil { byKey[key] = call.id }
        for dialog in call.dialogKeys where isNew || byDialog[dialog] == nil { byDialog[dialog] = call.id }
        if let parties = call.parties { byLine[parties.line, default: []].insert(call.id) }
        let isTold = call.summary != nil
        if let session = call.session { bySession[session, default: CallGroup()].insert(call.id, isTold: isTold) }
        if let replaced = call.replaces { replacements[replaced] = call.id }
        if let own = call.ownSession, let session = call.session { renamed[own] = session }
        guard call.isSetAside != true else { return setAside(call) }
        if let caller = call.callerKey {
            if call.queue == nil {
                lineCalls[caller, default: CallGroup()].insert(call.id, isTold: isTold)
            } else {
                stays[caller, default: CallGroup()].insert(call.id, isTold: isTold)
            }
        }
        if call.awaitsNotification {
            placed[call.source, default: []].insert(call.id)
        } else {
            placed[call.source]?.remove(call.id)
        }
        if call.mayTurnOutPlaced {
            notified[call.source, default: []].insert(call.id)
        } else {
            notified[call.source]?.remove(call.id)
        }
    }

    mutating func remove(_ call: TrackedCall) {
        serials[call.id] = nil
        for key in call.keys where byKey[key] == call.id { byKey[key] = nil }
        for dialog in call.dialogKeys where byDialog[dialog] == call.id { byDialog[dialog] = nil }
        if let parties = call.parties { Self.take(call.id, from: parties.line, &byLine) }
        if let session = call.session { Self.take(call.id, from: session, &bySession) }
        if let replaced = call.replaces, replacements[replaced] == call.id { replacements[replaced] = nil }
        if let own = call.ownSession, renamed[own] == call.session { renamed[own] = nil }
        setAside(call)
    }

    /// What is found by its names alone takes no place among the calls of one caller and those waiting for a notification.
    private mutating func setAside(_ call: TrackedCall) {
        forgetCaller(of: call)
        placed[call.source]?.remove(call.id)
        notified[call.source]?.remove(call.id)
    }

    mutating func forgetCaller(of call: TrackedCall) {
        guard let caller = call.callerKey else { return }
        Self.take(call.id, from: caller, &stays)
        Self.take(call.id, from: caller, &lineCalls)
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

    private static func take(_ call: CallID, from key: String, _ table: inout [String: Set<CallID>]) {
        table[key]?.remove(call)
        if table[key]?.isEmpty == true { table[key] = nil }
    }

    private static func take(_ call: CallID, from key: String, _ table: inout [String: CallGroup]) {
        table[key]?.remove(call)
        if table[key]?.isEmpty == true { table[key] = nil }
    }
}

extension TrackedCall {
    /// Placed by us and not yet named by a notification. One that was refused is over; one whose end a status told may
    /// still be spoken of.
    var awaitsNotification: Bool { isPlaced && !isNotified && (isOpen || keys.count > 1) }

    /// Who calls, of a call that comes in; scoped to the provider, whose queues and lines may be told by several sources.
    var callerKey: String? {
        role == .inbound ? remote?.number.map { "\(source.provider.rawValue) \($0)" } : nil
    }

    /// Known from notifications alone, and not coming in.
    var mayTurnOutPlaced: Bool {
        isNotified && !isPlaced && isOpen && (direction != .inbound || mayBeFirstLeg == true)
    }
}
