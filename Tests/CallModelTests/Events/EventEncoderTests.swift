import CallModel
import StreamSchema
import Testing

struct EventEncoderTests {
    /// Every text as long as a provider gone mad can make it, and as costly to escape.
    private static func monster(_ text: String) -> CallData {
        let words = ProviderWords(event: text, call: text, dialog: text, replaces: text, session: text)
        let party = Party(number: "+123456789012345", raw: text, kind: .e164, name: text, line: text)
        var data = CallData(state: .ended, direction: .inbound, basis: .inferred(why: text), provider: words)
        (data.remote, data.local, data.dialed, data.divertedBy) = (party, party, party, party)
        data.session = "s0123456789"
        data.legs = Array(
            repeating: Leg(line: text, agent: text, state: .ended, outcome: .answeredElsewhere), count: 500)
        data.queue = QueueStay(name: text, agent: text, wait: .seconds(1))
        data.transfer = Transfer(kind: .attended, from: text, to: text)
        data.isStale = true
        data.reference = text
        data.campaign = MessageReport.Campaign(broadcast: text, contact: text, space: text)
        data.outcome = .answered
        data.cause = Cause(code: text, by: .network, raw: text)
        return data
    }

    private func line(_ data: EventData, _ type: EventType, numbers: EventEncoder.Numbers = .clear) -> [UInt8] {
        EventEncoder(numbers: numbers).line(
            Event(
                cursor: Cursor(epoch: "abc", seq: 1),
                draft: EventDraft(
                    id: EventID(rawValue: "id"), source: SourceName(provider: "ovh", name: "paris"), type: type,
                    subject: "c1", time: nil, observed: Timestamp(milliseconds: 0), data: data)))
    }

    enum Filling: CaseIterable {
        case letters, escapes, emoji, oneCharacterOfThousands, quotes, nulls

        var text: String {
            switch self {
            case .letters: String(repeating: "a", count: 100_000)
            case .escapes: String(repeating: "\u{1B}", count: 100_000)
            case .emoji: String(repeating: "😀", count: 30_000)
            case .oneCharacterOfThousands: "e" + String(repeating: "\u{301}", count: 100_000)
            case .quotes: String(repeating: "\"", count: 512)
            case .nulls: String(repeating: "\u{0}", count: 512)
            }
        }
    }

    @Test(arguments: Filling.allCases)
    func aLineStaysBelow64KiBWhateverAProviderSends(_ filling: Filling) {
        let text = filling.text
        for numbers in [EventEncoder.Numbers.clear, .masked] {
            let bytes = line(.call(Self.monster(text)), .callEnded, numbers: numbers)
            #expect(bytes.count <= 48 << 10)
            #expect(StreamSchema.events.violations(in: bytes) == [])
        }
    }

    @Test func aTextThatFitsIsNotCut() {
        let text = String(repeating: "é", count: 256)
        let unparsed = EventData.unparsed(UnparsedInput(kind: "k", detail: text), count: 1)
        #expect(String(decoding: line(unparsed, .sourceUnparsed), as: UTF8.self).contains("\"\(text)\""))
        let longer = EventData.unparsed(UnparsedInput(kind: "k", detail: text + "e"), count: 1)
        let cut = String(decoding: line(longer, .sourceUnparsed), as: UTF8.self)
        #expect(cut.contains("é…\""))
    }

    @Test(
        arguments: [
            ("0639980001 is unknown", "0639****01 is unknown"),
            ("call 06 39 98 00 01, please", "call 06 3********01, please"),
            ("06.39.98.00.01/06-39-98-00-01", "06.3***********************01"),
            ("+33 6 39 98 00 01", "+33 6**********01"),
            ("number 20 794 0000", "number 20 7*****00"),
            ("06\u{A0}39\u{202F}98 00 01", "06\u{A0}3********01"),
            ("HTTP 503, then 200", "HTTP 503, then 200"),
            ("since 2026-01-05 nothing", "since 2026-01-05 nothing"),
            ("no route to 192.168.100.200 port 8080", "no route to 192.168.100.200 port 8080"),
            ("01.99.00.12.34 - 5", "01.9************ 5"), ("1  2  3  4  5  6  7", "1  2************* 7"),
            ("1    2    3    4    5    6    7", "1    2    3    4    5    6    7"),
            ("06  39  98  00  01", "06  ************01"), ("06 - 39 - 98 - 00 - 02", "06 -****************02"),
            ("06_39_98_00_05", "06_3********05"), ("06,39,98,00,09", "06,3********09"),
            ("06\u{2011}39\u{2011}98\u{2011}00\u{2011}03", "06\u{2011}3********03"),
            ("(020) 123 4504", "(020)*******04"), ("201, 202, 203", "201, 202, 203"),
            ("agent_0033199000001_123", "agent_0033*******01_123"), ("5,4096,12345", "5,4096,12345"),
            ("at 2026-01-05 10:00:00 from 192.0.2.1 4096 bytes", "at 2026-01-05 10:00:00 from 192.0.2.1 4096 bytes"),
            ("2006-39-98 00 41", "2006**********41"),
            ("(06)39980001 +33 (0)6 39 98 00 01", "(06)3*****01 +33 (*************01"),
            ("06\t39\u{2009}98\u{2007}00 01", "06\t3********01"),
        ])
    func aNumberWrittenForPeopleIsMaskedToo(text: String, masked: String) {
        #expect(maskedText(text) == masked)
    }

    @Test func maskedNumbersCannotBeRung() {
        var data = Self.monster("x")
        data.remote = Party(number: "+33639980011", raw: "0033639980011", kind: .e164, name: "Zoé Martin")
        data.queue = QueueStay(name: "q", agent: "agent_0033199000001_123")
        data.legs = [Leg(line: "+33199000001", agent: "agent_0033199000001_123", state: .ringing)]
        let text = String(decoding: line(.call(data), .callEnded, numbers: .masked), as: UTF8.self)
        #expect(text.contains("+336******11"))
        #expect(text.contains("agent_0033*******01_123"))
        for hidden in ["639980011", "199000001", "Zoé"] { #expect(!text.contains(hidden)) }
    }

    /// Whatever the field is for, a number in it can be rung.
    @Test func numbersAreMaskedWhereverTheyStand() {
        var call = Self.monster("x")
        call.queue = QueueStay(name: "+33199000100")
        call.basis = .inferred(why: "forwarded by 0639980011")
        call.cause = Cause(code: "x", raw: "no answer from +33639980011")
        let words = ProviderWords(event: "members-count")
        let offer = QueueOffer(
            call: nil, queue: "+33199000100", agent: "agent_0033199000001_123", remote: nil, words: words)
        let lines: [(EventData, EventType, String)] = [
            (.call(call), .callEnded, "c1"),
            (.unparsed(UnparsedInput(kind: "k", detail: "call 0033639980011"), count: 1), .sourceUnparsed, "ovh/paris"),
            (.queueCount(queue: "+33199000100", waiting: 1, words: words), .queueCount, "+33199000100"),
            (.queueOffer(offer), .queueOffered, "+33199000100"),
        ]
        for (data, type, subject) in lines {
            let draft = EventDraft(
                id: EventID(rawValue: "id"), source: SourceName(provider: "ovh", name: "paris"), type: type,
                subject: subject, time: nil, observed: Timestamp(milliseconds: 0), data: data)
            let event = Event(cursor: Cursor(epoch: "abc", seq: 1), draft: draft)
            let masked = String(decoding: EventEncoder(numbers: .masked).line(event), as: UTF8.self)
            for hidden in ["199000100", "639980011", "199000001"] { #expect(!masked.contains(hidden), "\(masked)") }
            #expect(StreamSchema.events.violations(in: masked.utf8) == [])
            let clear = String(decoding: EventEncoder().line(event), as: UTF8.self)
            #expect(["199000100", "639980011"].contains { clear.contains($0) })
        }
    }

    /// Of every event, with a number in each of its texts; ids and the names of sources are what they are (threat
    /// model).
    @Test(arguments: [
        "+33639980011", "0033639980011", "33639980011", "06 39 98 00 11", "06.39.98.00.11", "06-39-98-00-11",
        "agent_+33639980011_1", "agent_0033639980011_123", "call 0639980011 back",
    ])
    func noTextOfAMaskedLineShowsANumber(_ text: String) {
        let words = ProviderWords(event: text)
        let party = Party(number: "+33639980011", raw: text, kind: .e164, name: text, line: text)
        var call = Self.monster(text)
        (call.remote, call.local, call.dialed, call.divertedBy) = (party, party, party, party)
        call.provider = words
        var status = MessageReport(message: "m1", medium: text, kind: .status(.failed), remote: party, local: party)
        status.reference = text
        status.campaign = MessageReport.Campaign(broadcast: text, contact: text, space: text)
        status.cause = Cause(code: text, by: .network, raw: text)
        var received = status
        received.kind = .received(text: text, keyword: text, replyTo: "m0")
        let cause = Cause(code: text, by: .network, raw: text)
        let events: [(EventData, EventType)] = [
            (.call(call), .callEnded), (.message(status, words: words), .messageStatus),
            (.message(received, words: words), .messageReceived),
            (.queueCount(queue: text, waiting: 1, words: words), .queueCount),
            (
                .queueOffer(
                    QueueOffer(call: nil, queue: text, agent: text, remote: party, cause: cause, words: words)),
                .queueOfferFailed
            ),
            (.line(line: text, words: words), .lineRegistered),
            (.source(SourceReport(change: .down, reason: text)), .sourceDown),
            (.unparsed(UnparsedInput(kind: text, detail: text), count: 1), .sourceUnparsed),
        ]
        for (data, type) in events {
            let masked = String(decoding: line(data, type, numbers: .masked), as: UTF8.self)
            #expect(!masked.filter { !" .-".contains($0) }.contains("39980011"), "\(masked)")
            #expect(StreamSchema.events.violations(in: masked.utf8) == [])
        }
    }

    /// A line may be called like its owner, and so may the one a call is transferred to; an agent's name tells who
    /// answered.
    @Test func whatIsNoNumberIsHiddenWhole() {
        var call = Self.monster("x")
        call.local = Party(raw: "marie.dupont", kind: .unknown, name: "marie.dupont", line: "marie.dupont")
        call.transfer = Transfer(kind: .blind, from: "marie.dupont", to: "marie.dupont")
        call.legs = [
            Leg(line: "marie.dupont", agent: "paul", state: .ringing), Leg(line: "+33199000001", state: .ringing),
        ]
        let masked = String(decoding: line(.call(call), .callEnded, numbers: .masked), as: UTF8.self)
        #expect(!masked.contains("mari") && !masked.contains("dupont"))
        #expect(masked.contains(#""transfer":{"kind":"blind","from":"***","to":"***"}"#))
        #expect(masked.contains(#""line":"***","agent":"paul""#) && masked.contains("+331******01"))
        let registered = EventData.line(line: "marie.dupont", words: ProviderWords(event: "registered"))
        #expect(!String(decoding: line(registered, .lineRegistered, numbers: .masked), as: UTF8.self).contains("mari"))
        #expect(String(decoding: line(.call(call), .callEnded), as: UTF8.self).contains("marie.dupont"))
    }

    @Test func theSameEventGivesTheSameBytes() {
        let data = EventData.call(Self.monster("é"))
        #expect(line(data, .callEnded) == line(data, .callEnded))
    }
}
