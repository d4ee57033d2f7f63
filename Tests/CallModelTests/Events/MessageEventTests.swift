import CallModel
import StreamSchema
import Testing

/// Messages on the stream: never calls, and as personal as a number.
struct MessageEventTests {
    private func line(_ kind: MessageReport.Kind, numbers: EventEncoder.Numbers = .clear) throws -> String {
        var stage = Stage()
        var report = MessageReport(
            message: "m1", medium: "sms", kind: kind, remote: Party(number: "+33639980011", kind: .e164))
        report.campaign = MessageReport.Campaign(broadcast: "2482508840", contact: "7")
        report.reference = "order 12"
        let drafts = stage.observe(.message(report), at: 0, word: "SENT")
        let draft = try #require(drafts.first)
        #expect(drafts.count == 1)
        #expect(stage.tracker.count == 0)
        let line = EventEncoder(numbers: numbers).line(Event(cursor: Cursor(epoch: "e0", seq: 1), draft: draft))
        #expect(StreamSchema.events.violations(in: line).isEmpty)
        return String(decoding: line, as: UTF8.self)
    }

    @Test func aStatusNamesMediumAndStatus() throws {
        let line = try line(.status(.sent))
        #expect(line.contains(#""type":"message.status","subject":"m1""#))
        #expect(line.contains(#""medium":"sms","status":"sent","direction":"outbound""#))
        #expect(line.contains(#""campaign":{"broadcast":"2482508840","contact":"7"}"#))
    }

    @Test func aReplyNamesWhatItAnswers() throws {
        let line = try line(.received(text: "Oui\u{1B}[31m merci", keyword: nil, replyTo: "m0"))
        #expect(line.contains(#""type":"message.received""#))
        #expect(line.contains(#""text":"Oui\u001b[31m merci","reply_to":"m0""#))
        #expect(!line.contains("status"))
    }

    @Test func aMaskedReaderSeesNeitherTextNorNumber() throws {
        let line = try line(.received(text: "secret", keyword: "SECRET", replyTo: nil), numbers: .masked)
        #expect(!line.lowercased().contains("secret"))
        #expect(!line.contains("+33639980011"))
    }

    @Test func aNumberInAWordIsMaskedToo() throws {
        var stage = Stage()
        let report = MessageReport(message: "m1", medium: "sms", kind: .status(.sent))
        let drafts = stage.observe(.message(report), at: 0, word: "a=+33639980011&b=123456&é=1234567x")
        let draft = try #require(drafts.first)
        let event = Event(cursor: Cursor(epoch: "e0", seq: 1), draft: draft)
        let masked = String(decoding: EventEncoder(numbers: .masked).line(event), as: UTF8.self)
        #expect(masked.contains(#""event":"a=+3363*****11&b=123456&é=1234*67x""#))
        let clear = String(decoding: EventEncoder(numbers: .clear).line(event), as: UTF8.self)
        #expect(clear.contains(#""event":"a=+33639980011&b=123456&é=1234567x""#))
    }

    @Test func aRepetitionWithinItsWindowIsNotTold() {
        var stage = Stage()
        var report = MessageReport(
            message: "m1", medium: "sms", kind: .received(text: "VOTE", keyword: "VOTE", replyTo: nil))
        report.repetition = .init(key: "k", window: .seconds(5))
        let told = [0.0, 4.9, 5, 5.001, 5.002].map { stage.observe(.message(report), at: $0, word: nil).count }
        #expect(told == [1, 0, 0, 1, 0])
        report.repetition = nil
        #expect(stage.observe(.message(report), at: 5.003, word: nil).count == 1)
    }
}
