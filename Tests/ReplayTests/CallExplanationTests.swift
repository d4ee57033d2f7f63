import CallModel
import Replay
import Testing

/// How a call is explained where it is not alone in the world.
struct CallExplanationTests {
    private static let source = SourceName(provider: "keyyo", name: "desk")

    private static func delivery(_ seconds: Int64, _ query: String) -> Delivery {
        Delivery(
            source: source, observed: Recording.start.advanced(by: .seconds(seconds)), kind: .webhook,
            attributes: ["query": "account=33199000021&callee=33199000021&\(query)"])
    }

    private func explanation(
        _ deliveries: [Delivery], call number: Int = 0, lines: [SourceName: [String]] = [:],
        told change: ([CallExplanation.Told]) -> [CallExplanation.Told] = { $0 }
    ) throws -> CallExplanation {
        var replayer = Replayer()
        replayer.withTracker { $0.learn(lines: lines[Self.source] ?? [], of: Self.source) }
        var drafts = deliveries.flatMap { replayer.feed(.delivery($0)) }
        let end = try #require(deliveries.last).observed
        drafts += replayer.finish(after: end)
        var calls: [String] = []
        for draft in drafts where !calls.contains(draft.subject) { calls.append(draft.subject) }
        let told = drafts.enumerated().filter { $0.element.subject == calls[number] }.map { index, draft in
            CallExplanation.Told(
                seq: Int64(index) + 1, id: draft.id.rawValue, type: draft.type.rawValue, observed: draft.observed)
        }
        return CallExplanation(
            of: CallID(rawValue: calls[number]), deliveries: deliveries, lines: lines, told: change(told),
            context: RecordingContext(), now: end.advanced(by: .days(1)))
    }

    @Test func aRepeatedDeliveryIsNamed() throws {
        let ringing = Self.delivery(0, "type=SETUP&callref=a&caller=33639980001")
        var again = ringing
        again.observed = again.observed.advanced(by: .seconds(1))
        let found = try explanation([ringing, again, Self.delivery(9, "type=RELEASE&callref=a&caller=33639980001")])
        #expect(found.isFaithful)
        #expect(found.steps.map { $0.rules.map(\.rule.rawValue) }[..<2] == [["opened", "reached"], ["duplicate"]])
    }

    /// A poll brings many facts at once: each has its rules, and each rule what it told.
    @Test func whatARuleToldStandsWithIt() throws {
        let events = [("start_ringing", 0), ("start_calling", 5), ("end_calling", 9)].map { word, second in
            #"{"Event":"\#(word)","Service":"sip","Ressource":"0033199000021","Timestamp":\#(1_767_603_600 + second)000000000,"#
                + #""Data":{"CallId":"a","Calling":"0033639980001","Called":"0033199000021","Event":"\#(word)"}}"#
        }
        let poll = Delivery(
            source: SourceName(provider: "ovh", name: "paris"), observed: Recording.start.advanced(by: .seconds(10)),
            kind: .poll, body: Array(#"{"Session":"S1","Events":[\#(events.joined(separator: ","))]}"#.utf8))
        let found = try explanation([poll])
        let told = found.steps.flatMap { step in
            step.events.map { "\($0.draft.type.rawValue) by \(step.rules[$0.rule ?? 0].rule.rawValue)" }
        }
        #expect(
            told == [
                "call.ringing by reached", "call.connected by reached", "call.ended by finished",
                "call.summary by settled",
            ])
        #expect(found.steps.prefix(3).allSatisfy { $0.delivery == poll && $0.fact != nil })
    }

    /// Without ids the release of an earlier call would be taken for one of this call, were that not known.
    @Test func whatWentOnBeforeDecides() throws {
        let found = try explanation(
            [
                Self.delivery(0, "type=SETUP&caller=33639980001"), Self.delivery(5, "type=RELEASE&caller=33639980001"),
                Self.delivery(30, "type=SETUP&caller=33639980001"),
                Self.delivery(39, "type=RELEASE&caller=33639980001"),
            ], call: 1)
        #expect(found.isFaithful)
        #expect(found.steps.first?.rules.first?.rule == .opened)
        #expect(
            found.steps.flatMap(\.events).map(\.draft.type.rawValue) == ["call.ringing", "call.ended", "call.summary"])
    }

    @Test func aLineOfOursMakesTheCallInternal() throws {
        let ringing = Self.delivery(0, "type=SETUP&callref=a&caller=33199000022")
        let known = try explanation([ringing], lines: [Self.source: ["+33199000022"]])
        #expect(known.steps.first?.rules.map(\.rule).contains(.madeInternal) == true)
        #expect(try explanation([ringing]).steps.first?.rules.map(\.rule).contains(.madeInternal) == false)
    }

    @Test func whatIsNotToldAgainStandsAtItsTime() throws {
        let then = CallExplanation.Told(
            seq: 99, id: "c-confirmed-updated", type: "call.updated",
            observed: Recording.start.advanced(by: .seconds(3)))
        let found = try explanation(
            [
                Self.delivery(0, "type=SETUP&callref=a&caller=33639980001"),
                Self.delivery(9, "type=RELEASE&callref=a&caller=33639980001"),
            ], told: { $0.dropLast() + [then] })
        #expect(!found.isFaithful)
        #expect(found.steps.map { $0.toldThen.map(\.seq) } == [[], [99], [], []])
        var json = JSONWriter()
        json.object { json in json.array("steps") { found.write(to: &$0) } }
        let text = String(decoding: json.bytes, as: UTF8.self)
        #expect(text.contains(#""type":"call.updated","seq":99,"told_then":true"#))
        // The summary comes out, but was not told.
        #expect(text.contains(#""type":"call.summary","rule":0}"#))
    }
}
