import CallModel
import EventJournal
import Replay

/// `explanation` of a call: how it became what it is, and who was told.
struct CallExplainer: Sendable {
    /// Readers that came or went this long before and after the call are spoken of, too.
    private static let around = Span.minutes(10)

    let journal: EventJournal
    let context: RecordingContext
    /// Stays that go on or are not written down yet.
    let live: [ReaderSession]
    /// By which readers' filters were understood.
    let plans: [NumberPlan]
    let now: Timestamp

    func json(_ call: StoredCall) throws(JournalError) -> [UInt8] {
        let inputs = try journal.inputs(of: call.id)
        let plain = try journal.events(of: call.id, admittedBy: [])
        let readers = try readers(call, plain.map(\.seq), plain.first?.observed, plain.last?.observed)
        let events = try journal.events(of: call.id, admittedBy: readers.map(\.filter))
        let explanation = CallExplanation(
            of: call.id, deliveries: inputs.deliveries, lines: inputs.lines,
            told: events.map { .init(seq: $0.seq, id: $0.id, type: $0.type, observed: $0.observed) },
            context: context, now: now)
        let isReplayed = inputs.isComplete && explanation.steps.contains { $0.delivery != nil }
        var json = JSONWriter()
        json.object { json in
            json.field("basis", isReplayed ? "replayed" : "stored")
            if !isReplayed {
                json.field("note", Self.note(inputs))
            } else if !explanation.isFaithful {
                json.field(
                    "note",
                    """
                    not all that was told then comes out again: the daemon was started again during the call, or rules, \
                    settings or the clock have changed since
                    """)
            }
            json.array("steps") { json in if isReplayed { explanation.write(to: &json) } }
            json.array("readers") { json in
                for (index, reader) in readers.enumerated() {
                    Self.write(
                        reader, events.map { .init(seq: $0.seq, type: $0.type, isWanted: $0.admitted[index]) }, &json)
                }
            }
        }
        return json.bytes
    }

    /// Why nothing could be replayed.
    private static func note(_ inputs: CallInputs) -> String {
        let why =
            inputs.isComplete
            ? """
            the raw input is kept, and today's rules and settings do not make this call of it (it may have begun with \
            something else, or before)
            """ : "the raw input is no longer kept, or not whole"
        return why + ": only the stored events tell of this call"
    }

    /// The latest word on each stay: what is in memory is newer than what was written down.
    private func readers(
        _ call: StoredCall, _ seqs: [Int64], _ first: Timestamp?, _ last: Timestamp?
    ) throws(JournalError) -> [ReaderSession] {
        let from = (first ?? call.started).advanced(by: Span(milliseconds: -Self.around.milliseconds))
        let to = (last ?? call.updated).advanced(by: Self.around)
        let range = seqs.first.flatMap { first in seqs.last.map { first...$0 } }
        var sessions: [String: ReaderSession] = [:]
        for var session in try journal.sessions(from: from, to: to, seqs: range) {
            // The journal keeps what was asked for, not what was understood by it.
            session.filter = session.filter.spelled(by: plans)
            sessions[session.id] = session
        }
        for session in live where session.since <= to || session.after < (seqs.last ?? 0) {
            sessions[session.id] = session
        }
        return sessions.values.sorted { ($0.since, $0.id) < ($1.since, $1.id) }
    }

    private static func write(
        _ reader: ReaderSession, _ events: [ReaderAccount.Line], _ json: inout JSONWriter
    ) {
        let account = ReaderAccount(reader, events)
        json.object { json in
            json.field("id", reader.id)
            json.field("socket", reader.socket)
            json.field("uid", reader.uid.map { Int64($0) })
            json.field("pid", reader.pid.map { Int64($0) })
            json.field("token", reader.token)
            json.field("numbers", reader.numbers)
            json.field("filter", reader.filter.query)
            json.field("since", reader.since)
            json.field("until", reader.until)
            json.field("left", reader.left?.rawValue)
            json.array("sent") { json in account.sent.forEach { json.number($0.seq) } }
            json.array("excluded") { json in account.excluded.forEach { json.number($0.seq) } }
            json.field("verdict", account.verdict)
        }
    }
}
