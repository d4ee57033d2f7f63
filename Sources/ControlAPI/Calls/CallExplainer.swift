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
    let now: Timestamp

    func json(_ call: StoredCall) throws(JournalError) -> [UInt8] {
        let inputs = try journal.inputs(of: call.id)
        let plain = try journal.events(of: call.id, admittedBy: [])
        let readers = try readers(call, plain.map(\.seq), plain.first?.observed, plain.last?.observed)
        let events = try journal.events(of: call.id, admittedBy: readers.map(\.filter))
        var seqs: [String: Int64] = [:]
        for event in events { seqs[event.id] = event.seq }
        let explanation = CallExplanation(of: call.id, deliveries: inputs.deliveries, context: context, now: now)
        let replayed = Set(explanation.steps.flatMap(\.events).map(\.id.rawValue))
        let isReplayed = !explanation.steps.isEmpty && inputs.isComplete
        var json = JSONWriter()
        json.object { json in
            json.field("basis", isReplayed ? "replayed" : "stored")
            if !isReplayed {
                json.field(
                    "note", "the raw input is no longer kept, or not whole: only the stored events tell of this call")
            } else if !events.allSatisfy({ replayed.contains($0.id) }) {
                json.field(
                    "note",
                    "today's rules and settings do not tell all that was told then: the stored events are in history")
            }
            json.array("steps") { json in if isReplayed { explanation.write(to: &json, seqs: seqs) } }
            json.array("readers") { json in
                for (index, reader) in readers.enumerated() {
                    Self.write(reader, events.map { ($0.seq, $0.type, $0.admitted[index]) }, &json)
                }
            }
        }
        return json.bytes
    }

    /// The latest word on each stay: what is in memory is newer than what was written down.
    private func readers(
        _ call: StoredCall, _ seqs: [Int64], _ first: Timestamp?, _ last: Timestamp?
    ) throws(JournalError) -> [ReaderSession] {
        let from = (first ?? call.started).advanced(by: Span(milliseconds: -Self.around.milliseconds))
        let to = (last ?? call.updated).advanced(by: Self.around)
        let range = seqs.first.flatMap { first in seqs.last.map { first...$0 } }
        var sessions: [String: ReaderSession] = [:]
        for session in try journal.sessions(from: from, to: to, seqs: range) { sessions[session.id] = session }
        for session in live where session.since <= to || session.after < (seqs.last ?? 0) {
            sessions[session.id] = session
        }
        return sessions.values.sorted { ($0.since, $0.id) < ($1.since, $1.id) }
    }

    private static func write(
        _ reader: ReaderSession, _ events: [(seq: Int64, type: String, isWanted: Bool)], _ json: inout JSONWriter
    ) {
        let reached = events.filter { reader.after < $0.seq && $0.seq <= reader.through }
        let sent = reached.filter(\.isWanted)
        let excluded = events.filter { !$0.isWanted }
        json.object { json in
            json.field("id", reader.id)
            json.field("socket", reader.socket)
            json.field("uid", reader.uid.map { Int64($0) })
            json.field("pid", reader.pid.map { Int64($0) })
            json.field("token", reader.token)
            json.field("numbers", reader.numbers)
            json.field("filter", describe(reader.filter))
            json.field("since", reader.since)
            json.field("until", reader.until)
            json.array("sent") { json in sent.forEach { json.number($0.seq) } }
            json.array("excluded") { json in excluded.forEach { json.number($0.seq) } }
            json.field("verdict", verdict(reader, events.count, reached.count, sent.count, excluded.count))
        }
    }

    private static func verdict(
        _ reader: ReaderSession, _ all: Int, _ reached: Int, _ sent: Int, _ excluded: Int
    ) -> String {
        if all == 0 { return "nothing was told of this call" }
        if sent == all { return "sent all \(all) events" }
        if excluded == all { return "not sent: its filter excludes this call (\(describe(reader.filter) ?? "none"))" }
        if reached == 0 {
            let end = reader.until.map { "until \($0)" } ?? "to now"
            return "not sent: it was connected from \(reader.since) \(end), and was not handed this part of the stream"
        }
        var parts = ["sent \(sent) of \(all) events"]
        if excluded > 0 { parts.append("its filter excludes \(excluded)") }
        if reached < all { parts.append("it was not connected for, or has not come to, \(all - reached)") }
        return parts.joined(separator: "; ")
    }

    /// As the query of the request has it; nil where nothing was left out.
    private static func describe(_ filter: EventFilter) -> String? {
        var parts: [String] = []
        if !filter.types.isEmpty { parts.append("types=\(filter.types.joined(separator: ","))") }
        if let source = filter.source { parts.append("source=\(source)") }
        if let line = filter.line { parts.append("line=\(line)") }
        if let direction = filter.direction { parts.append("direction=\(direction.rawValue)") }
        return parts.isEmpty ? nil : parts.joined(separator: "&")
    }
}
