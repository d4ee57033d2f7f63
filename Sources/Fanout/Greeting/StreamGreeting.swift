package import CallModel

/// Encodes the `stream.*` lines of one reader: they are made for it alone, are not journaled and have no `seq`.
///
/// Shared by sockets, stdout and the API, so that a reader finds the same lines wherever it reads. Every line comes
/// with its line break. Ids are `<epoch>-<reader>-<n>`, hence unique.
package struct StreamGreeting: Sendable {
    package let epoch: String
    package let subscriber: SubscriberID
    private let version: String
    private let encoder: EventEncoder
    private var count: Int64 = 0

    /// - Parameter version: of the program, for `stream.hello`.
    package init(epoch: String, subscriber: SubscriberID, version: String, numbers: EventEncoder.Numbers) {
        self.epoch = epoch
        self.subscriber = subscriber
        self.version = version
        encoder = EventEncoder(numbers: numbers)
    }

    /// `data`: epoch, oldest and head (as `seq`), version, numbers (`clear` or `masked`).
    package mutating func hello(oldest: Int64, head: Int64, now: Timestamp) -> [UInt8] {
        let (epoch, version, numbers) = (epoch, version, encoder.numbers)
        return line(.hello, now: now) {
            $0.field("epoch", epoch)
            $0.field("oldest", oldest)
            $0.field("head", head)
            $0.field("version", version)
            $0.field("numbers", numbers.rawValue)
        }
    }

    /// A call that is live at `head`: `subject` is its id; `data` has the fields of a call event, then its source and
    /// the cursor at which all this was so.
    package mutating func snapshot(_ call: LiveCall, head: Int64, now: Timestamp) -> [UInt8] {
        let (cursor, encoder) = (cursor(head), encoder)
        return line(.snapshot, subject: call.id.rawValue, now: now) {
            encoder.call(call.data, &$0)
            $0.field("source", call.source.description)
            $0.field("cursor", cursor)
        }
    }

    /// From here on events follow, beginning with the one after `head`. `data`: cursor.
    package mutating func live(head: Int64, now: Timestamp) -> [UInt8] {
        let cursor = cursor(head)
        return line(.live, now: now) { $0.field("cursor", cursor) }
    }

    /// Everything up to and including `seq` has been sent, or was not wanted. `data`: cursor.
    package mutating func bookmark(seq: Int64, now: Timestamp) -> [UInt8] {
        let cursor = cursor(seq)
        return line(.bookmark, now: now) { $0.field("cursor", cursor) }
    }

    /// The events `from` to `to`, both included, are not sent. `data`: from, to (as `seq`), count, reason.
    package mutating func gap(from: Int64, to: Int64, reason: ByeReason = .slow, now: Timestamp) -> [UInt8] {
        line(.gap, now: now) {
            $0.field("from", from)
            $0.field("to", to)
            $0.field("count", to - from + 1)
            $0.field("reason", reason.rawValue)
        }
    }

    /// The last line. `data`: reason and, where the reader has a position, the cursor to resume from.
    package mutating func bye(_ reason: ByeReason, seq: Int64?, now: Timestamp) -> [UInt8] {
        let cursor = seq.map(cursor)
        return line(.bye, now: now) {
            $0.field("reason", reason.rawValue)
            $0.field("cursor", cursor)
        }
    }

    /// How this reader is shown numbers: events for it are encoded the same way.
    package var numbers: EventEncoder.Numbers { encoder.numbers }

    private func cursor(_ seq: Int64) -> String { Cursor(epoch: epoch, seq: seq).description }

    private mutating func line(
        _ type: StreamEventType, subject: String? = nil, now: Timestamp, data: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        count += 1
        return encoder.streamLine(
            type, subject: subject, epoch: epoch, id: "\(epoch)-\(subscriber.rawValue)-\(count)", now: now, data: data
        )
    }
}
