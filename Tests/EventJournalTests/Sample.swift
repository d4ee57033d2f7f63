import CallModel
import EventJournal

/// Made-up input of one source, numbered so that a test can tell which is which.
enum Sample {
    static let start = Timestamp(milliseconds: 1_790_000_000_000)
    static let paris = SourceName(provider: "ovh", name: "paris")

    static func time(_ number: Int) -> Timestamp { start.advanced(by: .seconds(Int64(number))) }
    static func callID(_ number: Int) -> CallID { CallID(rawValue: "call-\(number)") }

    static func callData(state: CallState = .ringing) -> CallData {
        var data = CallData(
            state: state, direction: .inbound, basis: .reported, provider: ProviderWords(event: "start_ringing"))
        data.remote = Party(number: "+33639980001", raw: "0639980001", kind: .e164)
        data.local = Party(number: "+33199000001", raw: "0199000001", kind: .e164, line: "front")
        return data
    }

    static func draft(_ number: Int, call: Int? = nil, type: EventType = .callRinging) -> EventDraft {
        EventDraft(
            id: EventID(rawValue: "event-\(number)"), source: paris, type: type,
            subject: callID(call ?? number).rawValue, time: nil, observed: time(number), data: .call(callData())
        )
    }

    static func delivery(_ number: Int, body: [UInt8]? = nil) -> Delivery {
        Delivery(
            source: paris, observed: time(number), kind: .webhook, body: body ?? Array("body \(number)".utf8),
            attributes: ["type": "SETUP", "n\u{1}ote": "é\"\\\n\(number)"]
        )
    }

    static func call(_ number: Int, state: CallState = .ringing, outcome: Outcome? = nil, tracked: Bool) -> StoredCall {
        StoredCall(
            id: callID(number), source: paris, state: state, direction: .inbound, outcome: outcome,
            remoteNumber: "+336399800\(number % 90 + 10)", localNumber: "+33199000001", line: "front", session: "s",
            started: time(number), updated: time(number), ended: state == .ended ? time(number) : nil,
            json: Array("{\"id\":\"call-\(number)\"}".utf8), tracked: tracked ? Array("tracked \(number)".utf8) : nil
        )
    }

    /// One delivery with one fact, one event, one call and the cursor `number`.
    static func batch(_ number: Int, body: [UInt8]? = nil) -> JournalBatch {
        let entry = JournalBatch.Entry(
            delivery: delivery(number, body: body), facts: [FactID(rawValue: "fact-\(number)")],
            drafts: [draft(number)], cursor: PollCursor(slot: "0", value: "\(number)")
        )
        return JournalBatch(entries: [entry], calls: [call(number, tracked: true)], observed: time(number))
    }

    static func events(_ numbers: ClosedRange<Int>) -> JournalBatch {
        let entry = JournalBatch.Entry(delivery: nil, drafts: numbers.map { draft($0) })
        return JournalBatch(entries: [entry], observed: time(numbers.upperBound))
    }
}

extension EventJournal {
    /// All events that the filter admits, page by page.
    func all(filter: EventFilter = EventFilter(), limit: Int = 1_000) throws -> [StreamLine] {
        var lines: [StreamLine] = []
        var cursor = oldest - 1
        while cursor < head {
            let page = try events(after: cursor, limit: limit, filter: filter)
            guard page.scannedTo > cursor else { break }
            lines += page.lines
            cursor = page.scannedTo
        }
        return lines
    }
}
