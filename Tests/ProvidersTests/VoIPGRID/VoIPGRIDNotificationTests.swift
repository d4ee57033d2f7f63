import CallModel
import Providers
import Testing

/// VoIPGRID call notifications: both documented shapes and all six moments.
struct VoIPGRIDNotificationTests {
    private func facts(_ body: String) -> [Fact] {
        VoIPGRIDDecoder(numbers: NumberPlan(country: "NL")).decode(
            Delivery(
                source: SourceName(provider: "voipgrid", name: "sales"), observed: Fixture.start, kind: .webhook,
                body: Array(body.utf8))
        ).facts
    }

    private func call(_ facts: [Fact]) -> CallFact? {
        guard case .call(let call)? = facts.last?.content else { return nil }
        return call
    }

    private func notification(_ status: String, _ members: String = "", direction: String = "inbound") -> [Fact] {
        facts(
            #"{"call_id":"58f1a078416b-1531150397.972","timestamp":"2019-07-20T13:17:39+00:00","status":"\#(status)","#
                + #""version":"v2","direction":"\#(direction)","caller":{"number":"+31201239008","name":null,"#
                + #""account_number":null,"user_numbers":[]},"destination":{"number":"+31201239000"}\#(members)}"#)
    }

    @Test func thePageOf2019IsRead() {
        let facts = notification("created")
        #expect(facts.count == 1)
        #expect(facts.first?.time == Timestamp(rfc3339: "2019-07-20T13:17:39Z"))
        #expect(facts.first?.words.call == "58f1a078416b-1531150397.972")
        let call = call(facts)
        #expect(call?.step == .initiated)
        #expect(call?.direction == .inbound)
        #expect(call?.remote?.number == "+31201239008")
        #expect(call?.local?.number == "+31201239000")
        #expect(call?.mayBePlaced == true)
    }

    @Test func thePageOf2017IsRead() {
        let facts = facts(
            #"""
            {"call_id": "1234c56789f-0987654.321", "caller": {"account_number": null, "name": "John Doe",
            "number": "+31xxxxxxxxxx", "user_numbers": []}, "destination": {"number": "+31xxxxxxxxxx", "targets": [
            {"account_number": 234, "name": "Alice", "number": "+31xxxxxxxxxx", "user_numbers": ["678"]},
            {"account_number": null, "name": "Bob", "number": "+31xxxxxxxxxx", "user_numbers": ["789"]}]},
            "direction": "inbound", "status": "ringing", "reason": "",
            "timestamp": "2017-01-01T01:00:00.000000+00:00", "version": "v2"}
            """#)
        #expect(facts.count == 1)
        #expect(facts.first?.time == Timestamp(rfc3339: "2017-01-01T01:00:00Z"))
        let call = call(facts)
        #expect(call?.step == .ringing)
        #expect(call?.remote?.number == nil)
        #expect(call?.remote?.name == "John Doe")
        #expect(call?.legs == [Leg(line: "234", state: .ringing), Leg(line: "789", state: .ringing)])
    }

    @Test(arguments: [
        ("in-progress", CallFact.Step.connected(nil)), ("in_progress", .connected(nil)),
        ("In Progress", .connected(nil)), ("inprogress", .connected(nil)),
        ("warm-transfer", .transferred(Transfer(kind: .attended), leavesUs: false)),
        ("warm_transfer", .transferred(Transfer(kind: .attended), leavesUs: false)),
        ("COLD-TRANSFER", .transferred(Transfer(kind: .blind), leavesUs: false)),
        ("cold transfer", .transferred(Transfer(kind: .blind), leavesUs: false)),
        ("ended", .ended(CallFact.Ending())), ("Ended", .ended(CallFact.Ending())), ("CREATED", .initiated),
    ])
    func sensibleSpellingsAreTheMoments(_ word: String, _ step: CallFact.Step) {
        let facts = notification(word)
        #expect(facts.count == 1)
        #expect(call(facts)?.step == step)
        #expect(facts.first?.words.event == word)
    }

    private func to(_ accounts: [Int], _ own: String = "") -> String {
        let targets = accounts.map { #"{"account_number":\#($0)}"# }.joined(separator: ",")
        return #"{"call_id":"x","direction":"inbound","caller":{"number":"+31201239008"},"#
            + #""destination":{"number":"+31201239000"\#(own),"targets":[\#(targets)]},"status":"#
    }

    /// Of several telephones the one that answered is the one that is named, and no other.
    @Test func whichOfSeveralTelephonesAnsweredIsNotGuessed() {
        func answered(_ notification: String) -> [Leg]? { call(facts(notification + #""in-progress"}"#))?.legs }
        #expect(answered(to([234])) == [Leg(line: "234", state: .connected)])
        #expect(answered(to([234, 235])) == [])
        #expect(answered(to([234, 235], #","account_number":235"#)) == [Leg(line: "235", state: .connected)])
        #expect(answered(to([], #","account_number":235"#)) == [Leg(line: "235", state: .connected)])
    }

    @Test func toWhomIsNotGuessedEither() {
        func target(_ notification: String) -> CallFact.Step? { call(facts(notification + #""warm-transfer"}"#))?.step }
        func transferred(_ line: String?) -> CallFact.Step {
            .transferred(Transfer(kind: .attended, to: line), leavesUs: false)
        }
        #expect(target(to([234])) == transferred("234"))
        #expect(target(to([234, 235])) == transferred(nil))
        #expect(target(to([234, 235], #","account_number":235"#)) == transferred("235"))
    }

    /// A call that we placed is known by any of its line's names, never by the other side's.
    @Test(arguments: [("inbound", ["234", "678"]), ("outbound", ["201"]), ("internal", ["201"])])
    func theNamesOfOurLineAreThose(_ direction: String, _ names: [String]) {
        let body =
            #"{"call_id":"x","status":"created","direction":"\#(direction)","#
            + #""caller":{"number":"201","account_number":201,"user_numbers":[]},"#
            + #""destination":{"number":"678","account_number":234,"user_numbers":["678"]}}"#
        #expect(call(facts(body))?.lineNames == names)
    }

    @Test(arguments: ["on-hold", "", "transfer", "endedx"])
    func otherWordsPassThrough(_ word: String) {
        let facts = notification(word)
        #expect(facts.count == 2)
        #expect(call(facts)?.step == .remark)
    }

    @Test(arguments: [
        ("busy", Outcome?.some(.busy)), ("no-answer", .some(.noAnswer)), ("rejected", .some(.rejected)),
        ("declined", .some(.rejected)), ("cancelled", .some(.cancelled)), ("canceled", .some(.cancelled)),
        ("failed", .some(.failed)), ("completed", nil), ("", nil), ("x", nil),
    ])
    func aReasonCountsWhereWeCalled(_ reason: String, _ outcome: Outcome?) {
        let out = call(notification("ended", #","reason":"\#(reason)""#, direction: "outbound"))
        let cause = reason.isEmpty ? nil : Cause(code: reason, by: .unknown, raw: reason)
        #expect(out?.step == .ended(CallFact.Ending(outcome: outcome, cause: cause)))
        #expect(out?.remote?.number == "+31201239000")
        #expect(out?.local?.number == "+31201239008")
        let inbound = call(notification("ended", #","reason":"\#(reason)""#))
        #expect(inbound?.step == .ended(CallFact.Ending(cause: cause)))
    }

    @Test func aRepetitionIsTheSameFactAndAnotherTelephoneIsNot() {
        func ringing(_ accounts: [String], _ time: String = "2019-07-20T13:17:40+00:00") -> FactID? {
            let targets = accounts.map { #"{"account_number":\#($0)}"# }.joined(separator: ",")
            return facts(
                #"{"call_id":"x","direction":"inbound","status":"ringing","timestamp":"\#(time)","#
                    + #""destination":{"targets":[\#(targets)]}}"#
            ).last?.id
        }
        #expect(ringing(["234"]) == ringing(["\"234\""]))
        #expect(ringing(["234", "235"]) == ringing(["235", "234"]))
        #expect(ringing(["234"]) == ringing(["234"], "2019-07-20T15:17:40.000000+02:00"))
        #expect(ringing(["234"]) != ringing(["235"]))
        #expect(ringing(["234"]) != ringing(["234"], "2019-07-20T13:17:41+00:00"))
    }

    @Test(arguments: ["", "7", "[]", "null", "{", "{}", #"{"call_id":""}"#, #"{"call_id":null,"status":"created"}"#])
    func whatIsNoNotificationIsCounted(_ body: String) {
        let facts = facts(body)
        #expect(facts.count == 1)
        guard case .unparsed? = facts.first?.content else { return unexpected() }
    }

    @Test func itsIdIsNotThatOfAClickToDial() {
        let notified = facts(#"{"call_id":"same","status":"created","direction":"inbound"}"#)
        let polled = VoIPGRIDDecoder(numbers: NumberPlan(country: "NL")).decode(
            Delivery(
                source: SourceName(provider: "voipgrid", name: "sales"), observed: Fixture.start, kind: .status,
                body: Array(#"{"status":"connected"}"#.utf8), attributes: ["callid": "same"])
        ).facts
        #expect(call(notified)?.reference != call(polled)?.reference)
    }

    /// Absent in any form is not known; hidden is what is said to be.
    @Test(arguments: [
        ("", Party?.none), (#""caller":null,"#, nil), (#""caller":{},"#, nil), (#""caller":{"number":null},"#, nil),
        (#""caller":{"number":"","name":null},"#, nil),
        (#""caller":{"name":"Jo"},"#, Party(kind: .unknown, name: "Jo")),
        (#""caller":{"number":"anonymous"},"#, Party(raw: "anonymous", kind: .anonymous)),
    ])
    func whoIsNotNamedIsNotHidden(_ caller: String, _ remote: Party?) {
        let call = call(facts(#"{\#(caller)"call_id":"x","status":"created","direction":"inbound"}"#))
        #expect(call != nil)
        #expect(call?.remote == remote)
    }

    /// Written without quotes, and longer than any integer.
    @Test func anIdKeepsItsDigits() {
        for id in ["98765432109876543210987654321", "9223372036854775807", "9223372036854775808"] {
            for name in ["", #","x":"\u00e9""#] {
                #expect(
                    facts(#"{"call_id":\#(id),"status":"created","direction":"inbound"\#(name)}"#).last?.words.call
                        == id)
            }
        }
    }

    @Test func onlyOurOwnTelephoneMayBeTheFirstLeg() {
        let targets =
            #","destination":{"number":"+31201239000","targets":[{"account_number":7,"user_numbers":["238"]}]}"#
        let ringing = call(
            facts(#"{"call_id":"x","status":"ringing","direction":"inbound"\#(targets)}"#))
        #expect(ringing?.mayBeFirstLeg == true)
        #expect(ringing?.lineNames == ["7", "238"])
        #expect(call(notification("ringing", direction: "outbound"))?.mayBeFirstLeg == false)
        #expect(call(notification("warm-transfer"))?.mayBeFirstLeg == false)
    }

    @Test func hostileBodiesAreBounded() {
        let target = #"{"account_number":1},"#
        let many = String(repeating: target, count: 10_000)
        let body = #"{"call_id":"x","status":"ringing","direction":"inbound","destination":{"targets":[\#(many)7]}}"#
        #expect(call(facts(body))?.legs.count == 64)
        #expect(facts(String(repeating: "[", count: 200_000)).count == 1)
    }
}
