import CallModel

/// Which tokens of a version 2 session are subscribed, which one is asked for next, and how long it may take.
///
/// Requests go one after the other, so a token whose subscription hangs keeps all others from being polled. Of those
/// that hang in one round each is therefore waited for half as long as the one before it, and once `roundLimit` is
/// spent the session is polled with the tokens that it has. Tokens that failed last time are asked for last, and once
/// one of them hangs the rest of them waits for its next turn: that costs the others `firstWait` a minute, however
/// many hang. Now and then one of them is waited for longer: its server may be slow, and not hang.
struct OVHSubscriptions: Sendable {
    enum Answer {
        case granted
        /// The server said no to this token.
        case refused
        /// The server did not answer in time, which says something of this token alone.
        case silent
        /// A server in trouble, not a token.
        case failed
    }

    /// How long the first subscription of a round may take that fails; it is answered in a fraction of a second.
    private static let firstWait = Span.seconds(2)

    /// However many have failed in a round: a new connection and TLS included.
    private static let leastWait = Span.milliseconds(500)

    /// How long where there is no other token, or the server takes longer for every token.
    private static let longWait = Span.seconds(15)

    /// In one round of so many the first of those that failed has that long: with a round a minute they cost the others
    /// 15 s in ten minutes then.
    private static let roundsBetweenLongWaits = 10

    /// What those that failed before, and fail again, may cost those that are subscribed already in one round.
    private static let repeatLimit = Span.seconds(4)

    /// What all that fail may cost those that are subscribed already in one round: the rest is asked for after a poll.
    private static let roundLimit = Span.seconds(10)

    /// A round in which no token was granted for so long is over, and the rest of them are the first of the next.
    private static let emptyRoundLimit = Span.seconds(30)

    /// After so many in a row that failed the round is over: each may cost a time-out.
    private static let maximumFailures = 5

    private let count: Int
    /// Those without a subscription in this session.
    private(set) var missing: Set<Int> = []
    /// Those of this round that are still to be asked for, in order.
    private var pending: [Int] = []
    /// Those that failed when they were last asked for, the one asked longest ago first.
    private var doubtful: [Int] = []
    /// How long those took that were granted when they were last asked for.
    private var took: [Int: Span] = [:]
    /// How many of this round failed, and how long that took.
    private var vain = (count: 0, took: Span.milliseconds(0))
    private var failuresInARow = 0
    /// No token of the last round was granted, and each had little time. In every other such round they have more.
    private var isServerSlow = false
    /// Since one that had failed was waited for longer.
    private var rounds = 0
    /// The token that this round waits for longer.
    private var waitedFor: Int?

    init(count: Int) {
        self.count = count
    }

    /// The one to ask for; nil where the round is over.
    var next: Int? { pending.first }

    var areNone: Bool { missing.count == count }

    /// Whether there was no time yet to ask for some of those that are missing.
    var areUnasked: Bool { !missing.isSubset(of: doubtful) }

    /// How long the next one may take.
    var wait: Span {
        guard let token = next, count > 1, !isServerSlow, token != waitedFor else { return Self.longWait }
        let halved = Span(milliseconds: Self.firstWait.milliseconds >> Int64(vain.count))
        let usual = took[token] ?? took.values.min() ?? .milliseconds(0)
        return min(max(halved, Span(milliseconds: 2 * usual.milliseconds), Self.leastWait), Self.longWait)
    }

    /// A new session has no subscription.
    mutating func beginAnew() {
        missing = Set(0..<count)
        begin()
    }

    /// A round for those that are missing.
    mutating func begin() {
        failuresInARow = 0
        vain = (0, .milliseconds(0))
        rounds = doubtful.isEmpty ? 0 : rounds + 1
        waitedFor = rounds % Self.roundsBetweenLongWaits == 0 ? doubtful.first : nil
        pending = missing.subtracting(doubtful).sorted() + doubtful
    }

    /// The next one was asked for.
    mutating func answered(_ answer: Answer, elapsed: Span) {
        guard !pending.isEmpty else { return }
        let token = pending.removeFirst()
        doubtful.removeAll { $0 == token }
        switch answer {
        case .granted, .refused: failuresInARow = 0
        case .failed: failuresInARow += 1
        case .silent: break
        }
        if answer == .granted {
            missing.remove(token)
            took[token] = elapsed
        } else {
            doubtful.append(token)
            took[token] = nil
            vain = (vain.count + 1, Span(milliseconds: vain.took.milliseconds + elapsed.milliseconds))
        }
        shorten(after: answer)
        if pending.isEmpty { isServerSlow = areNone && !isServerSlow }
    }

    private mutating func shorten(after answer: Answer) {
        if failuresInARow >= Self.maximumFailures { pending = [] }
        if areNone {
            if vain.took >= Self.emptyRoundLimit { pending = [] }
            return
        }
        let isTrouble = answer == .silent || answer == .failed
        if isTrouble || vain.took >= Self.repeatLimit { pending.removeAll { doubtful.contains($0) } }
        if answer != .granted, vain.took >= Self.roundLimit { pending = [] }
    }
}
