import CallModel
import EventJournal
import FoundationEssentials

/// The answer of `GET /v1/calls/{id}`: the call, and everything that made it what it is.
enum CallHistory {
    /// - Parameter showsRaw: with the provider's own words, which are everything it knows about whoever called.
    static func json(
        call: StoredCall, entries: [CallHistoryEntry], explanation: [UInt8]? = nil, showsRaw: Bool
    ) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.raw("call", call.json)
            json.array("history") { json in
                var last: (seq: Int64, delivery: Delivery)?
                for entry in entries {
                    json.object { json in
                        json.field("seq", entry.event.seq)
                        json.field("observed", entry.observed)
                        json.raw("event", entry.event.bytes.prefix { $0 != UInt8(ascii: "\n") })
                        if entry.unparsed { json.field("unparsed", true) }
                        guard let delivery = entry.delivery else { return }
                        // One reply of a provider may cause many events; its bytes are given once.
                        if let last, last.delivery == delivery {
                            json.object("delivery") { $0.field("same_as", last.seq) }
                        } else {
                            json.object("delivery") { write(delivery, showsRaw: showsRaw, &$0) }
                            last = (entry.event.seq, delivery)
                        }
                    }
                }
            }
            if let explanation { json.raw("explanation", explanation) }
        }
        return json.line()
    }

    /// The body as text where it is text, else in base64.
    private static func write(_ delivery: Delivery, showsRaw: Bool, _ json: inout JSONWriter) {
        json.field("kind", delivery.kind.rawValue)
        json.field("observed", delivery.observed)
        guard showsRaw else { return }
        json.object("attributes") { json in
            for (name, value) in delivery.attributes.sorted(by: { $0.key < $1.key }) { json.field(named: name, value) }
        }
        if let text = String(validating: delivery.body, as: UTF8.self) {
            json.field("text", text)
        } else {
            json.field("base64", Data(delivery.body).base64EncodedString())
        }
    }
}
