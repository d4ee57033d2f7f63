/// Turns events into lines of the stream: fixed field order, so that the same events give the same bytes.
package struct EventEncoder: Sendable {
    /// Whether a reader may see numbers, names and what messages say. The raw values are those of the configuration.
    package enum Numbers: String, Sendable, Codable {
        case clear, masked
    }

    /// A text from a provider that takes more bytes than this in a line, escapes included, is cut. With some 30 texts
    /// and `maximumLegs` legs a line stays below 48 KiB whatever is sent.
    package static let maximumTextLength = 512
    /// The same for the texts of a leg, of which there are many.
    package static let maximumLegTextLength = 192
    /// The same for the text of a message somebody sent.
    package static let maximumMessageLength = 16_384
    /// More legs than this are left out of a line.
    package static let maximumLegs = 64

    package let numbers: Numbers

    package init(numbers: Numbers = .clear) {
        self.numbers = numbers
    }

    /// One line, with its line break.
    package func line(_ event: Event) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            envelope(event.draft, seq: event.cursor.seq, epoch: event.cursor.epoch, &json)
            json.object("data") { data(event.draft.data, &$0) }
        }
        return json.line()
    }

    /// The line of a `stream.*` event: to one reader, not durable, hence without `seq`.
    package func streamLine(
        _ type: StreamEventType, subject: String? = nil, epoch: String, id: String, now: Timestamp,
        data: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("specversion", "1.0")
            json.field("id", id)
            json.field("source", "ctibridge")
            json.field("type", type.rawValue)
            json.field("subject", subject)
            json.field("observed", now)
            json.field("epoch", epoch)
            json.object("data") { data(&$0) }
        }
        return json.line()
    }

    private func envelope(_ draft: EventDraft, seq: Int64, epoch: String, _ json: inout JSONWriter) {
        json.field("specversion", "1.0")
        json.field("id", draft.id.rawValue)
        json.field("source", draft.source.description)
        json.field("type", draft.type.rawValue)
        json.field("subject", subject(of: draft))
        json.field("time", draft.time)
        json.field("observed", draft.observed)
        json.field("seq", seq)
        json.field("epoch", epoch)
    }

    /// The subject of an event about a line is its number, and that of one about a queue its name.
    private func subject(of draft: EventDraft) -> String {
        switch draft.data {
        case .line: raw(draft.subject)
        case .queueCount: queueName(draft.subject)
        case .queueOffer(let offer) where offer.call == nil: queueName(draft.subject)
        default: cut(draft.subject)
        }
    }

    private func data(_ data: EventData, _ json: inout JSONWriter) {
        switch data {
        case .call(let call): self.call(call, &json)
        case .queueCount(let queue, let waiting, let words):
            json.object("queue") { $0.field("name", queueName(queue)) }
            json.field("waiting", Int64(waiting))
            json.field("basis", "reported")
            provider(words, &json)
        case .queueOffer(let offer):
            json.field("call", offer.call?.rawValue)
            party("remote", offer.remote, &json)
            json.object("queue") {
                $0.field("name", offer.queue.map { queueName($0) })
                $0.field("agent", agent(offer.agent))
            }
            json.field("outcome", offer.outcome?.rawValue)
            cause(offer.cause, &json)
            json.field("basis", "reported")
            provider(offer.words, &json)
        case .message(let report, let words):
            message(report, &json)
            json.field("basis", "reported")
            provider(words, &json)
        case .line(let line, let words):
            json.field("line", raw(line))
            json.field("basis", "reported")
            provider(words, &json)
        case .source(let report):
            json.field("reason", word(cut(report.reason)))
            json.field("from", report.from)
            json.field("to", report.to)
        case .unparsed(let input, let count):
            json.field("kind", word(cut(input.kind)))
            json.field("detail", word(cut(input.detail)))
            json.field("count", Int64(count))
        }
    }

    /// The fields of a call, without the braces: `data` of call events and of `stream.snapshot`.
    package func call(_ call: CallData, _ json: inout JSONWriter) {
        json.field("state", call.state.rawValue)
        if call.isStale { json.field("stale", true) }
        json.field("direction", call.direction.rawValue)
        party("remote", call.remote, &json)
        party("local", call.local, &json)
        json.field("session", call.session)
        if !call.legs.isEmpty {
            json.array("legs") { json in
                for leg in call.legs.suffix(Self.maximumLegs) {
                    json.object {
                        $0.field("line", leg.line.map { raw($0, to: Self.maximumLegTextLength) })
                        $0.field("agent", leg.agent.map { agent($0, to: Self.maximumLegTextLength) })
                        $0.field("state", leg.state.rawValue)
                        $0.field("outcome", leg.outcome?.rawValue)
                    }
                }
            }
        }
        party("dialed", call.dialed, &json)
        party("diverted_by", call.divertedBy, &json)
        json.field("answered_by", call.answeredBy?.rawValue)
        if let queue = call.queue {
            json.object("queue") {
                $0.field("name", queueName(queue.name))
                $0.field("agent", queue.agent.map { agent($0) })
                $0.field("wait_ms", queue.wait?.milliseconds)
            }
        }
        if let transfer = call.transfer {
            json.object("transfer") {
                $0.field("kind", transfer.kind.rawValue)
                $0.field("from", transfer.from.map { raw($0) })
                $0.field("to", transfer.to.map { raw($0) })
            }
        }
        mailing(call.reference, call.campaign, &json)
        json.object("times") {
            $0.field("started", call.times.started)
            $0.field("ringing", call.times.ringing)
            $0.field("connected", call.times.connected)
            $0.field("ended", call.times.ended)
        }
        json.field("ring_ms", call.ring?.milliseconds)
        json.field("talk_ms", call.talk?.milliseconds)
        json.field("wait_ms", call.wait?.milliseconds)
        json.field("outcome", call.outcome?.rawValue)
        cause(call.cause, &json)
        switch call.basis {
        case .reported: json.field("basis", "reported")
        case .inferred(let why):
            json.field("basis", "inferred")
            json.field("why", word(cut(why)))
        }
        json.field("corrects", call.corrects?.rawValue)
        provider(call.provider, &json)
    }

    private func message(_ report: MessageReport, _ json: inout JSONWriter) {
        json.field("medium", word(cut(report.medium)))
        switch report.kind {
        case .status(let status):
            json.field("status", status.rawValue)
            json.field("direction", Direction.outbound.rawValue)
        case .received: json.field("direction", Direction.inbound.rawValue)
        }
        party("remote", report.remote, &json)
        party("local", report.local, &json)
        if case .received(let text, let keyword, let replyTo) = report.kind {
            // What somebody wrote is as personal as his number.
            if numbers == .clear {
                json.field("text", text.map { cut($0, to: Self.maximumMessageLength) })
                json.field("keyword", keyword.map { cut($0) })
            }
            json.field("reply_to", replyTo)
        }
        mailing(report.reference, report.campaign, &json)
        json.field("size", report.size)
        json.field("pages", report.pages)
        json.field("duration_ms", report.duration?.milliseconds)
        cause(report.cause, &json)
    }

    private func mailing(_ reference: String?, _ campaign: MessageReport.Campaign?, _ json: inout JSONWriter) {
        json.field("reference", reference.map { word(cut($0)) })
        guard let campaign else { return }
        json.object("campaign") {
            $0.field("broadcast", campaign.broadcast.map { word(cut($0)) })
            $0.field("contact", campaign.contact.map { word(cut($0)) })
            $0.field("space", campaign.space.map { word(cut($0)) })
        }
    }

    private func party(_ name: StaticString, _ party: Party?, _ json: inout JSONWriter) {
        guard let party else { return }
        json.object(name) {
            $0.field("number", party.number.map { number($0) })
            $0.field("raw", party.raw.map { raw($0) })
            $0.field("kind", party.kind.rawValue)
            if numbers == .clear { $0.field("name", party.name.map { cut($0) }) }
            $0.field("line", party.line.map { raw($0) })
        }
    }

    private func cause(_ cause: Cause?, _ json: inout JSONWriter) {
        guard let cause else { return }
        json.object("cause") {
            $0.field("code", cause.code.map { word(cut($0)) })
            $0.field("by", cause.by.rawValue)
            $0.field("raw", cause.raw.map { word(cut($0)) })
        }
    }

    private func provider(_ words: ProviderWords, _ json: inout JSONWriter) {
        guard words != ProviderWords() else { return }
        json.object("provider") {
            $0.field("event", words.event.map { word(cut($0)) })
            $0.field("call", words.call.map { cut($0) })
            $0.field("dialog", words.dialog.map { cut($0) })
            $0.field("replaces", words.replaces.map { cut($0) })
            $0.field("session", words.session.map { cut($0) })
            if !words.notes.isEmpty { $0.array("notes") { json in words.notes.forEach { json.string($0.rawValue) } } }
        }
    }

    /// Counted in bytes of the line and cut between Unicode scalars: one character may hold any number of them.
    func cut(_ text: String, to length: Int = maximumTextLength) -> String {
        // The longest form of a byte is an escape of six.
        if text.utf8.count * 6 <= length { return text }
        var left = length
        var end = text.startIndex
        for index in text.unicodeScalars.indices {
            left -= JSONWriter.length(of: text.unicodeScalars[index])
            if left < 0 { return String(text[..<end]) + "…" }
            // Room for the mark of the cut.
            if left >= 3 { end = text.unicodeScalars.index(after: index) }
        }
        return text
    }
}

/// The types of events that go to one reader and are not journaled.
package enum StreamEventType: String, Sendable, CaseIterable {
    case hello = "stream.hello"
    case snapshot = "stream.snapshot"
    case live = "stream.live"
    case bookmark = "stream.bookmark"
    case gap = "stream.gap"
    case bye = "stream.bye"
}
