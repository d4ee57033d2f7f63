import CallModel
import EventJournal
import Providers

/// Whether the journal takes what comes, and what was refused while it did not: nobody sends a notification again.
///
/// On a disk that is nearly full small writes succeed between large ones that fail: that is one outage, told once. It
/// is over when something was written and nothing was refused for a while. `now` is by a clock that never goes back;
/// what was refused is told by the clock of the host.
struct JournalOutage: Sendable {
    /// From when to when a source's notifications were refused.
    struct Refusals: Sendable, Equatable {
        var from: Timestamp
        var to: Timestamp
        /// The journal was well; too much waited for it.
        var isOverload: Bool

        /// As the stream is told.
        var report: SourceReport {
            let why = isOverload ? "too many of them waited at once" : "the journal could not be written"
            return SourceReport(
                change: .gap, reason: "\(why); notifications were refused and are not repeated", from: from, to: to)
        }

        /// Of both.
        func joined(_ other: Refusals) -> Refusals {
            Refusals(
                from: min(from, other.from), to: max(to, other.to), isOverload: isOverload && other.isOverload)
        }
    }

    /// How long nothing may fail before the outage counts as over: what waits for the journal tries again within 5 s.
    static let quiet = Span.seconds(10)
    /// Whoever waits for an answer to be kept is told that it is not known once failures have gone on for this long.
    static let patience = Span.seconds(5)

    /// Why the journal cannot be written; nil where it can.
    private(set) var error: JournalError?
    private var began: Timestamp?
    private var lastTrouble: Timestamp?
    /// Bounded by the sources that are pushed to.
    private(set) var refused: [SourceName: Refusals] = [:]
    /// Of outages that are over: on the way to the stream, and not durable yet.
    private var onTheWay: [SourceName: Refusals] = [:]

    init() {}

    private init(onTheWay: [SourceName: Refusals]) {
        self.onTheWay = onTheWay
    }

    /// The oldest refusal that the stream does not tell yet.
    var earliestRefusal: Timestamp? { (Array(refused.values) + onTheWay.values).map(\.from).min() }

    /// It has lasted too long to let anybody wait for its end.
    var isLasting: Bool {
        guard error != nil, let began, let lastTrouble else { return false }
        return lastTrouble.since(began) >= Self.patience
    }

    /// True where that is news.
    mutating func failed(_ error: JournalError, now: Timestamp) -> Bool {
        let isNews = self.error == nil
        if isNews { began = now }
        self.error = error
        lastTrouble = now
        return isNews
    }

    /// A delivery was not taken. Polls and questions are made again, and lose nothing.
    mutating func refused(_ delivery: Delivery, at time: Timestamp, now: Timestamp, isOverload: Bool = false) {
        guard delivery.kind == .webhook else { return }
        lastTrouble = now
        var refusals = Refusals(from: delivery.observed, to: time, isOverload: isOverload)
        if let known = refused[delivery.source] {
            refusals.from = known.from
            refusals.isOverload = known.isOverload && isOverload
        }
        refused[delivery.source] = refusals
    }

    /// Something was written. Nil while that is not the end of an outage; else what was refused in it, which is to be
    /// told now.
    mutating func wrote(now: Timestamp) -> [SourceName: Refusals]? {
        guard let lastTrouble, now.since(lastTrouble) >= Self.quiet else { return nil }
        let over = refused
        self = JournalOutage(onTheWay: onTheWay.merging(over) { $0.joined($1) })
        return over
    }

    /// The stream tells of what was refused, or could not be told of it: then the end of the next outage is another
    /// chance.
    mutating func told(_ source: SourceName, isDurable: Bool, now: Timestamp) {
        guard let refusals = onTheWay.removeValue(forKey: source), !isDurable else { return }
        lastTrouble = now
        refused[source] = refused[source].map { $0.joined(refusals) } ?? refusals
    }
}
