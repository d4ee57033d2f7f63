import CallModel
import StreamSchema
import Testing

/// Lines of the stream, written by the product's own encoder, each held against the published schema: a client that is
/// tested with lines no daemon sends is not tested.
enum SampleLines {
    static let epoch = "00c0ffee00c0ffee"
    static let start = Timestamp(milliseconds: 1_795_253_400_125)  // 2026-11-21T09:30:00.125Z

    static func cursor(_ seq: Int64) -> Cursor { Cursor(epoch: epoch, seq: seq) }

    static func call(
        _ type: EventType = .callRinging, seq: Int64 = 1, state: CallState = .ringing, direction: Direction = .inbound,
        basis: Basis = .reported, at seconds: Int64 = 0, _ change: (inout CallData) -> Void = { _ in }
    ) -> [UInt8] {
        var data = CallData(state: state, direction: direction, basis: basis, provider: ProviderWords())
        data.remote = Party(number: "+33639980001", raw: "0639980001", kind: .e164)
        data.local = Party(number: "+33199000010", raw: "0199000010", kind: .e164, line: "0199000010")
        change(&data)
        return event(type, seq: seq, subject: "c\(seq)", at: seconds, .call(data))
    }

    static func event(
        _ type: EventType, seq: Int64 = 1, subject: String = "s", at seconds: Int64 = 0, _ data: EventData
    ) -> [UInt8] {
        let source = SourceName(provider: "ovh", name: "paris")
        let time = start.advanced(by: .seconds(seconds))
        let draft = EventDraft(
            id: EventID(rawValue: "e\(seq)"), source: source, type: type, subject: subject, time: time, observed: time,
            data: data)
        return checked(EventEncoder().line(Event(cursor: cursor(seq), draft: draft)))
    }

    private static func checked(_ line: [UInt8]) -> [UInt8] {
        let violations = StreamSchema.events.violations(in: line)
        #expect(violations.isEmpty, "\(violations): \(String(decoding: line, as: UTF8.self))")
        return line
    }

    static func stream(_ type: StreamEventType, _ data: (inout JSONWriter) -> Void = { _ in }) -> [UInt8] {
        checked(EventEncoder().streamLine(type, epoch: epoch, id: "r-1", now: start, data: data))
    }

    static func bookmark(_ seq: Int64) -> [UInt8] {
        stream(.bookmark) { $0.field("cursor", cursor(seq).description) }
    }

    static func live(_ seq: Int64) -> [UInt8] {
        stream(.live) { $0.field("cursor", cursor(seq).description) }
    }

    static func bye(_ reason: String) -> [UInt8] {
        stream(.bye) { $0.field("reason", reason) }
    }

    static func hello(head: Int64) -> [UInt8] {
        stream(.hello) {
            $0.field("epoch", epoch)
            $0.field("oldest", Int64(1))
            $0.field("head", head)
            $0.field("version", "1.0")
            $0.field("numbers", "clear")
        }
    }

    static func gap(from: Int64, to: Int64) -> [UInt8] {
        stream(.gap) {
            $0.field("from", from)
            $0.field("to", to)
            $0.field("count", to - from + 1)
            $0.field("reason", "slow")
        }
    }

    static func snapshot(_ call: String) -> [UInt8] {
        checked(
            EventEncoder().streamLine(.snapshot, subject: call, epoch: epoch, id: "r-\(call)", now: start) {
                $0.field("source", "ovh/paris")
                $0.field("state", "ringing")
                $0.field("direction", "inbound")
                $0.object("times") { _ in }
                $0.field("basis", "reported")
            })
    }
}
