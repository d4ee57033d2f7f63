import CallModel
import Synchronization

/// Brings what is said of one source into the stream, whichever of its selves says it: a change of its configuration
/// makes a new one, while what the old one said may still wait for the journal.
///
/// Whoever has something to say waits until what was said before is durable or given up: the last word in the stream
/// is the last one that was said.
final class SourceVoice: Sendable {
    /// What the stream says of the health of a source.
    struct Word: Sendable {
        let change: SourceReport.Change
        let since: Timestamp
    }

    private let turnstile = Turnstile()
    private let last = Mutex<Word?>(nil)

    /// Whether the caller may speak, and must `leave`. False where it was cancelled before its turn.
    func enter() async -> Bool { await turnstile.enter() }

    func leave() { turnstile.leave() }

    /// How many wait for their turn.
    var waiting: Int { turnstile.queue }

    /// The last one of this run that is durable.
    var word: Word? { last.withLock(\.self) }

    /// It is durable.
    func said(_ change: SourceReport.Change, at now: Timestamp) {
        last.withLock { $0 = Word(change: change, since: now) }
    }
}

/// One voice a name. Bounded by the names that were ever configured in this run.
final class SourceVoices: Sendable {
    private let voices = Mutex<[SourceName: SourceVoice]>([:])

    func voice(of source: SourceName) -> SourceVoice {
        voices.withLock { voices in
            if let known = voices[source] { return known }
            let new = SourceVoice()
            voices[source] = new
            return new
        }
    }
}
