import CallModel
import Providers
import Testing

/// Keyyo CTI guides 1.0 and 1.5, notifications: reading a query, whatever is in it.
struct KeyyoNotificationTests {
    private func decode(_ query: String, at observed: Int64 = 0, parameters: KeyyoParameters = KeyyoParameters())
        -> DecodedDelivery
    {
        KeyyoDecoder(settings: .init(numbers: NumberPlan(country: "FR"), parameters: parameters)).decode(
            Delivery(
                source: SourceName(provider: "keyyo", name: "front-desk"),
                observed: Fixture.start.advanced(by: .milliseconds(observed)), kind: .webhook,
                attributes: ["query": query]))
    }

    private func call(_ query: String) -> CallFact? {
        guard case .call(let call)? = decode(query).facts.last?.content else { return nil }
        return call
    }

    private let parties = "account=33199000031&caller=33639980041&callee=33199000031"

    @Test func theGuidesNotificationIsRead() {
        let call = call("\(parties)&type=SETUP")
        #expect(call?.step == .ringing)
        #expect(call?.direction == .inbound)
        #expect(call?.remote?.number == "+33639980041")
        #expect(call?.local?.number == "+33199000031")
    }

    @Test(arguments: ["", "&type=", "&type=_N_TYPE_", "&type=%20", "&type=N_TYPE", "&type=$N_TYPE"])
    func withoutATypeTheSenderIsTold(_ end: String) {
        let decoded = decode(parties + end)
        #expect(decoded.refusal?.contains("type=_N_TYPE_") == true)
        #expect(decoded.facts.count == 1)
        guard case .unparsed? = decoded.facts.first?.content else { return unexpected() }
    }

    @Test(arguments: ["type=SETUP", "type=SETUP&account=&caller=_CALLER_&callee=%20", "type=HOLD&callref=x"])
    func withoutAnyPartyTheSenderIsTold(_ query: String) {
        #expect(decode(query).refusal != nil)
        #expect(decode(query).facts.count == 1)
    }

    /// Guide 1.0 prints the keywords without their underscores; whoever types them so gets them back.
    @Test(arguments: [
        "CALLREF", "callref", "_callref_", "$CALLREF", "{CALLREF}", "%25CALLREF%25", "SESSION_ID", "_Dref_",
    ])
    func aKeywordThatIsSpelledOtherwiseIsNoId(_ value: String) throws {
        let decoded = decode("\(parties)&type=SETUP&callref=\(value)&dref=\(value)&sessionid=\(value)&tsms=\(value)")
        #expect(decoded.refusal == nil && decoded.facts.count == 2)
        guard case .unparsed(let input)? = decoded.facts.first?.content else { return unexpected() }
        #expect(input.kind == "keyword not replaced")
        #expect(input.detail.contains("write callref=_") && input.detail.contains("tsms="))
        guard case .call(let call)? = decoded.facts.last?.content else { return unexpected() }
        guard case .parties = call.reference else { return unexpected() }
        #expect(call.session == nil && call.dialog == nil && decoded.facts.last?.time == nil)
        #expect(decoded.facts.last?.words.call == nil)
    }

    /// The printed URL holds all of them, and not every Keyyo knows all.
    @Test func aKeywordAsItShouldBeIsNotComplainedOf() {
        #expect(decode("\(parties)&type=SETUP&callref=_CALLREF_&tsms=_TSMS_").facts.count == 1)
    }

    @Test(arguments: ["CALLREF1", "caller ref", "A_REF", "$", "_"])
    func whatIsNoKeywordIsAnId(_ value: String) {
        #expect(decode("\(parties)&type=SETUP&callref=\(value)").facts.last?.words.call == value)
    }

    @Test func anUnknownTypeIsAccepted() {
        let decoded = decode("\(parties)&type=HOLD")
        #expect(decoded.refusal == nil)
        #expect(decoded.facts.count == 2)
    }

    @Test func theRefusalNamesTheCustomersParameter() {
        let decoded = decode(parties, parameters: KeyyoParameters(names: [.type: "etype"]))
        #expect(decoded.refusal?.contains("etype=_N_TYPE_") == true)
    }

    @Test func theTemplateHoldsEveryKeyword() {
        let template = KeyyoParameters(names: [.time: "ts"]).template
        #expect(template.hasPrefix("account=_ACCOUNT_&caller=_CALLER_&callee=_CALLEE_&type=_N_TYPE_&callref=_CALLREF_"))
        #expect(template.hasSuffix("&ts=_TSMS_"))
        // As Keyyo would send it with nothing replaced: nothing is taken for an id.
        #expect(decode(template).refusal != nil)
    }

    @Test(arguments: ["+33639980041", "%2B33639980041", "33%20639980041", "%2033639980041%20", "33+6+39+98+00+41"])
    func blanksAndPlusesAreNoDifference(_ caller: String) {
        let call = call("account=33199000031&caller=\(caller)&callee=33199000031&type=SETUP&callref=x")
        #expect(call?.remote?.number == "+33639980041")
    }

    @Test func theSameNotificationTwiceIsOneFact() {
        let first = decode("\(parties)&type=SETUP&callref=x&tsms=1767603600000", at: 0)
        let second = decode("\(parties)&type=SETUP&callref=x&tsms=1767603600000", at: 300_000)
        #expect(first.facts.map(\.id) == second.facts.map(\.id))
    }

    /// Without ids a call is known by its parties: one that is not told is nobody, only the mailbox stands for anybody.
    @Test(
        arguments: [
            ("caller=33639980041&callee=33199000031", "+33639980041", "+33199000031"),
            ("caller=&callee=33199000031", "", "+33199000031"), ("callee=33199000031", "", "+33199000031"),
            ("caller=33639980041", "+33639980041", ""),
            ("caller=33639980041&callee=3319900003100000000000", "+33639980041", nil),
        ] as [(String, String?, String?)])
    func onlyTheMailboxMayBeAnybody(_ sides: String, _ caller: String?, _ callee: String?) {
        let call = call("account=33199000031&type=SETUP&\(sides)")
        #expect(call?.reference == .parties(line: "keyyo/front-desk 33199000031", caller: caller, callee: callee))
    }

    @Test func twoCallsOfOnePairAreNotOneFact() {
        let first = decode("\(parties)&type=SETUP", at: 0)
        let second = decode("\(parties)&type=SETUP", at: 30_000)
        #expect(first.facts.map(\.id) != second.facts.map(\.id))
    }

    @Test func neitherIsTheWindowZero() {
        let decoder = KeyyoDecoder(
            settings: .init(numbers: NumberPlan(country: "FR"), duplicateWindow: .milliseconds(0)))
        let delivery = Delivery(
            source: SourceName(provider: "keyyo", name: "x"), observed: Fixture.start, kind: .webhook,
            attributes: ["query": "\(parties)&type=SETUP"])
        #expect(decoder.decode(delivery).facts.count == 1)
    }

    @Test func aPickUpOfWhichTheAccountIsTheCalleeIsNotTurnedRound() {
        let call = call("account=33199000032&caller=33639980041&callee=33199000032&type=SETUP&dref=B&drefreplace=A")
        #expect(call?.direction == .inbound)
        #expect(call?.local?.number == "+33199000032")
        #expect(call?.remote?.number == "+33639980041")
    }

    // MARK: - Hostile

    @Test(.timeLimit(.minutes(1)))
    func tenThousandParameters() {
        let many = (0..<10_000).map { "p\($0)=\($0)" }.joined(separator: "&")
        #expect(decode(many).refusal != nil)
        #expect(decode("\(parties)&type=SETUP&\(many)").facts.count == 1)
        let same = Array(repeating: "type=SETUP", count: 10_000).joined(separator: "&")
        #expect(decode("\(parties)&\(same)").facts.count == 2)
    }

    @Test(.timeLimit(.minutes(1)))
    func aMegabyte() {
        for filling in ["a", "%00", "%", "&"] {
            let long = String(repeating: filling, count: (1 << 20) / filling.utf8.count)
            let decoded = decode("account=\(long)&caller=\(long)&callee=\(long)&type=SETUP&callref=\(long)")
            var bench = Bench()
            bench.feed(decoded.facts, at: Fixture.start)
            bench.finish(after: Fixture.start)
            for line in bench.lines { #expect(StreamLineCheck.fault(in: line) == nil) }
        }
    }

    @Test(arguments: [
        "%FF%FE", "%C3%28", "%00", "%0A%0D", "%1B%5B31m", "%E2%80%AE", "%", "%4", "%zz", "%F4%90%80%80", "é", "\u{0}",
        "_CALLER_x", "%5FCALLER%5F",
    ])
    func anyBytesGiveValidLines(_ value: String) {
        for name in ["account", "caller", "callee", "type", "callref", "dref", "drefreplace", "sessionid", "tsms"] {
            var query = parties.split(separator: "&").filter { !$0.hasPrefix("\(name)=") }.joined(separator: "&")
            if name != "type" { query += "&type=SETUP" }
            var bench = Bench()
            bench.feed(decode("\(query)&\(name)=\(value)").facts, at: Fixture.start)
            bench.finish(after: Fixture.start)
            for line in bench.lines { #expect(StreamLineCheck.fault(in: line) == nil, "\(line)") }
        }
    }

    @Test(arguments: [
        ("1767603600000", true), ("1767603600", true), ("17676036000", false), ("176760360", false), ("", false),
        ("-767603600000", false), ("1767603600.00", false), ("99999999999999999999", false), ("9999999999999", false),
        ("١٧٦٧٦٠٣٦٠٠", false), ("0000000000", false),
    ])
    func timesAreBelievedWithinAWeek(_ text: String, _ isTime: Bool) {
        let time = decode("\(parties)&type=SETUP&tsms=\(text)").facts.first?.time
        #expect((time?.isPlausible(at: Fixture.start) == true) == isTime)
        if isTime { #expect(time == Fixture.start) }
    }
}
