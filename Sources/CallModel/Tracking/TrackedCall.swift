/// Everything the tracker remembers about one call. Stored whole with every change, so that a restart goes on where
/// the last commit was.
package struct TrackedCall: Sendable, Hashable, Codable {
    package private(set) var id: CallID
    package let source: SourceName
    /// The number of this call among all that the tracker opened: puts in order what is equal otherwise. Nil in what
    /// earlier versions wrote.
    var serial: Int?
    /// The provider's names of this call.
    package var keys: [CallKey] = []
    /// The parties that identify a call without ids (Keyyo without CALLREF and DREF).
    var parties: PartiesReference?

    package var state: CallState
    /// False while the call has been heard of but nothing certain can be said yet; readers do not see it.
    var isAnnounced = true
    var direction: Direction = .unknown
    /// The direction the provider told, which an internal call still needs: did our line call or was it called?
    var role: Direction = .unknown
    package var remote: Party?
    package var local: Party?
    /// Nil where the call belongs to no other. It may change: a queue's stay takes a line into its own.
    package var session: String?
    /// By which the provider can be asked about the call, or to end it.
    package var handle: String?
    /// The provider's own name of the session, where the call has been put into another.
    var ownSession: String?
    /// The queue stay that this line call belongs to, by the caller's number and the time.
    var queueCall: CallID?
    var dialog: CallKey?
    var replaces: CallKey?
    /// All dialogues the provider named. Nil where it named none, and in what earlier versions wrote.
    var dialogues: [Dialogue]?
    var replacedBy: CallID?
    var legs: [Leg] = []
    /// When the newest fact about each agent's leg happened, by the provider's clock.
    var legTimes: [String: Timestamp] = [:]
    /// When that fact was heard. Nil in what earlier versions wrote.
    var legsHeard: [String: Timestamp]?
    /// When the agent at each line was offered the caller, by the provider's clock, in its order. Nil where none was,
    /// and in what earlier versions wrote.
    var offers: [String: [Timestamp]]?
    var dialed: Party?
    var divertedBy: Party?
    var answeredBy: AnsweredBy?
    var queue: QueueStay?
    var transfer: Transfer?
    /// When the last transfer that the provider told of happened.
    var transferred: Moment?
    /// The sender's own reference and the mailing the call belongs to.
    var senderReference: String?
    var campaign: MessageReport.Campaign?
    /// The provider's ids of the call, the first it told of each kind. No word: each event has its own.
    package var words = ProviderWords()
    /// The provider's words readers have been told of this call: a repetition is not told again.
    var toldWords: [String] = []

    /// When each word of a call without ids came last, to know its repetition by. Nil for calls with ids.
    var heard: [String: Timestamp]?

    /// Why the call did not open with its beginning.
    var openedLate: String?
    /// A conclusion that the call rests on: a match by numbers, an unknown result.
    var inference: String?
    var started: Moment
    var joined: Moment?
    var ringing: Moment?
    var ringingStopped: Moment?
    var connected: Moment?
    var released: Moment?
    var ended: Moment?
    /// When the provider said the call ended that had been ended by the silence after its ringing.
    var saidEnd: Moment?
    var lastHold: Moment?
    /// Whether the call was ever connected to anybody.
    package var wasConnected = false
    var connectedEvent: EventID?
    /// How long the parties talked by the provider's own count.
    var talked: Span?
    /// When the conference that the call is part of ends, and the call with it, whatever its state.
    var conferenceEnds: Timestamp?
    /// The conference's time was over before anything was heard of the call's own end.
    var isConferenceOver: Bool?
    /// Whether the call went on without a line of ours.
    var hasLeftUs = false
    var isHangUpRequested = false
    /// True from a restart until the provider says something about the call again.
    var isStale: Bool?
    /// Whether we asked for this call.
    var isPlaced = false
    /// By what else its line is known to the provider; bounded by what one notification holds.
    var lineNames: [String] = []
    /// Whether a notification spoke of it.
    var isNotified = false
    /// What of it is known only from notifications that name no request of ours; nil where none was matched with it.
    var matched: Matched?
    /// True while such a notification is looked at: what is told because of it is a conclusion.
    var isByMatch: Bool?
    /// Other numbers of ours that the telephones of a call we placed may show.
    var shownNumbers: [String]?
    /// True for an incoming call that may turn out to be the ringing of our own telephone for a call we placed.
    var mayBeFirstLeg: Bool?
    /// True for a call we placed of which the ringing of our own telephone is known: it rings for that once, and
    /// another call that comes in is another call.
    var hasFirstLeg: Bool?
    /// True from the fact that linked the call with a queue until readers are told of it, which is a conclusion.
    var isByLink: Bool?
    /// The bridge that a later offer seemed to contradict, until the queue says what became of it.
    var doubtedBridge: Bridge?

    var ending: CallFact.Ending?
    /// True where the ending is a conclusion of ours: what the provider says of it goes first.
    var isEndingConcluded: Bool?
    /// When the caller came back to the queue, which is how this stay began.
    var returned: Moment?
    /// The stay before and the one after that of a caller who came back, under the same name.
    var precededBy: CallID?
    var succeededBy: CallID?
    /// The end was not seen: a deadline passed.
    var isLost = false
    var summary: EventID?
    /// What the summary, or its last correction, said.
    var told: Told?

    var due: Timestamp
    var dueFor: Due
    /// Whether the call has been over for long without its end being told: its names still find it, for an end that
    /// comes after all, and nothing else does. Nil in what earlier versions wrote.
    var isSetAside: Bool?

    /// What happens when `due` comes.
    enum Due: String, Sendable, Codable {
        /// No news for as long as its state may last.
        case stateDeadline
        /// The line stopped ringing and nothing followed.
        case ringingStopped
        /// The bridge to the agent ended and the queue did not say so.
        case bridgeEnded
        /// Another call took its dialogue over and was answered.
        case replaced
        case summary
        /// Nobody said that the call is over: it is not forgotten with the others.
        case setAside
        case forget
    }

    /// An agent to whom the caller was being connected, and when he was answered.
    struct Bridge: Hashable, Sendable, Codable {
        var agent: String
        var answered: Moment?
    }

    /// The part of a summary that later news can contradict.
    struct Told: Hashable, Sendable, Codable {
        var outcome: Outcome
        var isLost: Bool
        var ring: Span?
        var talk: Span?
        var wait: Span?
    }

    init(id: CallID, source: SourceName, state: CallState, started: Moment) {
        self.id = id
        self.source = source
        self.state = state
        self.started = started
        due = started.observed
        dueFor = .stateDeadline
    }

    /// What is known of this call as that of another one, which was opened for it.
    func copy(as opened: TrackedCall) -> TrackedCall {
        var copy = self
        copy.id = opened.id
        copy.serial = opened.serial
        (copy.due, copy.dueFor) = (opened.due, opened.dueFor)
        return copy
    }

    /// What a session is called that the provider does not name.
    var nameOfOwnSession: String { "s" + id.rawValue.dropFirst() }

    /// Whether this call was seen from its beginning, so that what was not seen did not happen.
    var wasSeenFromStart: Bool { openedLate == nil }
    package var isOpen: Bool { state != .ended }

    /// The order in which calls were heard of. Never that of their ids, which are made of the numbers: a recording with
    /// other numbers is to come out the same.
    static func inOrder(_ one: TrackedCall, _ other: TrackedCall) -> Bool {
        (one.started.observed, one.serial ?? 0, one.id.rawValue)
            < (other.started.observed, other.serial ?? 0, other.id.rawValue)
    }

    /// Whether this is a word that readers have not been told of. Bounded: a provider with endless new words repeats
    /// itself after a while.
    mutating func isNews(_ word: String?) -> Bool {
        guard let word, !toldWords.contains(word) else { return false }
        if toldWords.count >= 32 { toldWords.removeFirst() }
        toldWords.append(word)
        return true
    }

    /// Whether a transfer says more than was known. The same one may be told in parts; another one, later or of another
    /// kind, inherits nothing of the first.
    mutating func note(_ newer: Transfer, leavesUs: Bool, at moment: Moment) -> Bool {
        let before = (transfer, hasLeftUs)
        hasLeftUs = hasLeftUs || leavesUs
        if transferred?.isAfter(moment) == true { return before != (transfer, hasLeftUs) }
        let isOtherKind =
            newer.kind != .unknown && transfer.map { $0.kind != .unknown && $0.kind != newer.kind } == true
        let known = isOtherKind || moment.isAfter(transferred) == true ? nil : transfer
        transferred = moment
        transfer = Transfer(
            kind: newer.kind == .unknown ? known?.kind ?? .unknown : newer.kind, from: newer.from ?? known?.from,
            to: newer.to ?? known?.to)
        return before != (transfer, hasLeftUs)
    }

    mutating func setLeg(agent: String, line: String?, state: CallState, outcome: Outcome? = nil) {
        if let index = legs.lastIndex(where: { $0.agent == agent }) {
            legs[index].line = legs[index].line ?? line
            legs[index].state = state
            legs[index].outcome = outcome
        } else {
            // One caller is offered to few agents; the bound is for a provider gone mad.
            if legs.count >= EventEncoder.maximumLegs { legs.removeFirst() }
            legs.append(Leg(line: line, agent: agent, state: state, outcome: outcome))
        }
    }

    /// Whether the agent has a leg, which learns its line where that was not told yet.
    mutating func noteLine(_ line: String?, ofAgent agent: String) -> Bool {
        guard let index = legs.lastIndex(where: { $0.agent == agent }) else { return false }
        legs[index].line = legs[index].line ?? line
        return true
    }

    /// Whether a fact about an agent's leg comes after one that happened later, by the provider's clock, or in the
    /// same second but further on. Notes the time where it does not.
    mutating func isOvertaken(agent: String, at moment: Moment, as state: CallState) -> Bool {
        guard let time = moment.provider else { return false }
        if let last = legTimes[agent], let leg = legs.last(where: { $0.agent == agent }),
            time < last || (time == last && state.rank < leg.state.rank)
        {
            return true
        }
        if legTimes.count < EventEncoder.maximumLegs || legTimes[agent] != nil {
            legTimes[agent] = time
            legsHeard = legsHeard ?? [:]
            legsHeard?[agent] = moment.observed
        }
        return false
    }
}

/// Names a call by its parties where the provider gave no id. A nil party matches any.
struct PartiesReference: Sendable, Hashable, Codable {
    var line: String
    var caller: String?
    var callee: String?

    func admits(_ other: PartiesReference) -> Bool {
        func fits(_ one: String?, _ two: String?) -> Bool { one == nil || two == nil || one == two }
        return line == other.line && fits(caller, other.caller) && fits(callee, other.callee)
    }
}
