import CallModel
import Fanout
import Foundation
import StreamSchema
import Testing

let epoch = "00112233aabbccdd"
let paris = SourceName(provider: "ovh", name: "paris")

func draft(_ n: Int64, call: String = "call-1", state: CallState = .ringing, type: EventType? = nil) -> EventDraft {
    var data = CallData(state: state, direction: .inbound, basis: .reported, provider: ProviderWords(event: "x"))
    data.remote = Party(number: "+33639980001", raw: "0639980001", kind: .e164, name: "Jeanne")
    let usual: EventType = state == .ended ? .callEnded : state == .connected ? .callConnected : .callRinging
    return EventDraft(
        id: EventID(rawValue: "event-\(n)"), source: paris, type: type ?? usual, subject: call, time: nil,
        observed: Timestamp(milliseconds: n), data: .call(data)
    )
}

func line(_ seq: Int64, call: String = "call-1", state: CallState = .ringing, type: EventType? = nil) -> StreamLine {
    let draft = draft(seq, call: call, state: state, type: type)
    let event = Event(cursor: Cursor(epoch: epoch, seq: seq), draft: draft)
    return StreamLine(seq: seq, event: event, type: draft.type.rawValue, bytes: EventEncoder().line(event))
}

func lines(_ seqs: ClosedRange<Int64>) -> [StreamLine] { seqs.map { line($0) } }

func makeHub(
    head: Int64 = 0, limits: HubLimits = HubLimits(), liveCalls: [(CallID, SourceName, CallData)] = []
) -> StreamHub {
    StreamHub(epoch: epoch, head: head, oldest: { 1 }, liveCalls: liveCalls, limits: limits)
}

/// A line of the stream as a consumer decodes it.
struct ReadLine: Decodable, Sendable {
    struct Data: Decodable, Sendable {
        var epoch: String?
        var oldest: Int64?
        var head: Int64?
        var version: String?
        var numbers: String?
        var cursor: String?
        var reason: String?
        var source: String?
        var state: String?
        var from: Int64?
        var to: Int64?
        var count: Int64?
    }

    var specversion: String
    var id: String
    var source: String
    var type: String
    var subject: String?
    var seq: Int64?
    var epoch: String
    var data: Data

    /// Holds the line, given with or without its line break, against the published schema.
    init(_ text: some Sequence<UInt8>) throws {
        var line = Array(text)
        if line.last != UInt8(ascii: "\n") { line.append(UInt8(ascii: "\n")) }
        let violations = StreamSchema.events.violations(in: line)
        #expect(violations.isEmpty, "\(violations): \(String(decoding: line, as: UTF8.self))")
        self = try JSONDecoder().decode(ReadLine.self, from: Foundation.Data(text))
    }
}
