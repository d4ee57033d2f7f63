package import CallModel
import Providers

/// The way of a delivery through the daemon, without the daemon: decode, let pass what is due, drop what is known,
/// observe. A pure value: the same input gives the same events, byte for byte.
package struct Replayer: Sendable {
    /// Of the journal that the lines pretend to come from.
    package static let epoch = "f1c70e"

    package private(set) var tracker: CallTracker
    private let limits: TrackerLimits
    /// Facts that were taken in: another with one of these ids is a repetition.
    package private(set) var seen: Set<FactID> = []
    private var decoders: [SourceName: any RecordableDecoder] = [:]

    package init(limits: TrackerLimits = TrackerLimits()) {
        tracker = CallTracker(limits: limits)
        self.limits = limits
    }

    /// Everything a recording gives, until every call has its summary.
    package static func events(of recording: Recording, letsTimePass: Bool = true) -> [EventDraft] {
        var replayer = Replayer(limits: recording.limits)
        var drafts: [EventDraft] = []
        for entry in recording.entries { drafts += replayer.feed(entry) }
        if letsTimePass, let last = recording.deliveries.map(\.observed).max() {
            drafts += replayer.finish(after: last)
        }
        return drafts
    }

    /// The line of an event at its place.
    package static func line(_ draft: EventDraft, seq: Int64) -> [UInt8] {
        EventEncoder().line(Event(cursor: Cursor(epoch: epoch, seq: seq), draft: draft))
    }

    // MARK: - Feeding

    /// What the entry gives. A source without settings is read with its provider's defaults and French numbers.
    package mutating func feed(_ entry: Recording.Entry) -> [EventDraft] {
        switch entry {
        case .settings(let source, let decoder):
            decoders[source] = decoder
            return []
        case .lines(let source, let lines):
            tracker.learn(lines: lines, of: source)
            return []
        case .delivery(let delivery):
            let decoder =
                decoders[delivery.source] ?? RecordedDecoders.shipped.standard(for: delivery.source, country: "FR")
            return feed(decoder?.decode(delivery).facts ?? [], at: delivery.observed)
        }
    }

    /// - Parameter told: is given each fact that was not known, what came of it, and the tracker after it.
    package mutating func feed(
        _ facts: [Fact], at observed: Timestamp, told: (Fact, [EventDraft], CallTracker) -> Void = { _, _, _ in }
    ) -> [EventDraft] {
        var drafts = tracker.advance(to: observed)
        for fact in facts where seen.insert(fact.id).inserted {
            let news = tracker.observe(fact)
            told(fact, news, tracker)
            drafts += news
        }
        return drafts
    }

    /// A day and the longest limit of the model further, when everything has ended and been told.
    package mutating func finish(after last: Timestamp) -> [EventDraft] {
        let longest = RecordingWriter.limits.map { limits[keyPath: $0.path].milliseconds }.max() ?? 0
        return tracker.advance(to: last.advanced(by: .milliseconds(Span.days(1).milliseconds + longest)))
    }

    // MARK: - For those who look inside

    /// Lets `change` do with the tracker what a restart or an explanation does.
    package mutating func withTracker<Result>(_ change: (inout CallTracker) throws -> Result) rethrows -> Result {
        try change(&tracker)
    }
}
