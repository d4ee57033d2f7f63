import CallModel
import Providers
import Testing

/// DMC guide 1.7, p. 134-136: what the statuses of a call mean.
struct SFRDMCCallTests {
    private func ending(_ facts: [Fact]) -> CallFact.Ending? {
        guard case .ended(let ending)? = DMCReports.call(facts.last)?.step else { return nil }
        return ending
    }

    @Test(arguments: [("SUBMITTED", CallFact.Step.initiated), ("SENT", .initiated), ("ESTABLISHED", .connected(nil))])
    func statusesMoveTheCall(_ word: String, _ step: CallFact.Step) {
        let facts = DMCReports.call(word)
        #expect(facts.count == 1)
        let call = DMCReports.call(facts.last)
        #expect(call?.step == step)
        #expect(call?.direction == .outbound)
        #expect(call?.remote?.number == "+33199000041")
        #expect(facts.last?.words.event == word)
        #expect(facts.last?.words.call == "30020")
    }

    @Test(arguments: [
        ("human", "false", Outcome.answered, AnsweredBy.person), ("unknown", "false", .answered, .unknown),
        ("machine", "false", .voicemail, .machine), ("fax", "false", .failed, .fax),
        ("human", "true", .voicemail, .voicemail), ("unknown", "true", .voicemail, .voicemail),
        ("machine", "TRUE", .voicemail, .machine), ("HUMAN", "", .answered, .person),
    ])
    func whoAnsweredMakesTheOutcome(_ amd: String, _ voicemail: String, _ outcome: Outcome, _ by: AnsweredBy) {
        let facts = DMCReports.call(
            "ENDED", "<status type=\"ENDED\" amd=\"\(amd)\" time=\"9\"/><vxml_info voicemail=\"\(voicemail)\"/>")
        #expect(ending(facts)?.outcome == outcome)
        #expect(DMCReports.call(facts.last)?.answeredBy == by)
        #expect(DMCReports.call(facts.last)?.talked == .seconds(9))
    }

    @Test func anEndWithoutMoreIsAnAnswer() {
        #expect(ending(DMCReports.call("ENDED"))?.outcome == .answered)
        #expect(DMCReports.call(DMCReports.call("ENDED").last)?.answeredBy == nil)
    }

    @Test(arguments: [true, false])
    func theScenarioStandsInsideOrBeside(_ isInside: Bool) {
        let scenario = "<vxml_info voicemail=\"true\" start=\"1405067712822\" end=\"1405067721013\"/>"
        let facts = DMCReports.call(
            "ENDED",
            isInside ? "<status type=\"ENDED\">\(scenario)</status>" : "<status type=\"ENDED\"/>\(scenario)")
        #expect(facts.count == 1)
        #expect(ending(facts)?.outcome == .voicemail)
        #expect(DMCReports.call(facts.last)?.talked == .milliseconds(8_191))
    }

    @Test(arguments: [
        ("CRA_VOCAL_BUSY", "", Outcome.busy), ("BUSY", "", .busy), ("", "Echec CRA_VOCAL_BUSY.", .busy),
        ("12", "cra_vocal_noanswer", .noAnswer), ("CRA_VOCAL_REJECTED", "", .rejected),
        ("CRA_VOCAL_BLACKLIST", "", .blocked), ("CRA_VOCAL_ENDED", "", .answered), ("CRA_VOCAL_NETWORK", "", .failed),
        ("CRA_VOCAL_ESTABLISHED", "CRA_VOCAL_NOANSWER", .noAnswer), ("CRA_VOCAL_SUBMITTED", "", .failed),
        ("303", "BUSY", .failed), ("303", "", .failed), ("", "", .failed), ("CRA_VOCAL_", "CRA_VOCAL_NEW", .failed),
    ])
    func anErrorHasItsVoiceResult(_ code: String, _ info: String, _ outcome: Outcome) {
        for word in ["ERROR", "ABORTED"] {
            let facts = DMCReports.call(word, "<status type=\"\(word)\" code=\"\(code)\" info=\"\(info)\"/>")
            #expect(facts.count == 1)
            #expect(ending(facts)?.outcome == outcome)
            #expect(ending(facts)?.cause?.code != nil)
        }
    }

    @Test(arguments: ["TRANSFERED", "TRANSFERRED", "transfered"])
    func aTransferHasItsTarget(_ word: String) {
        let target = "<transfer to=\"+33199000042\"/>"
        for inner in ["<status type=\"\(word)\">\(target)</status>", "<status type=\"\(word)\"/>\(target)"] {
            #expect(
                DMCReports.call(DMCReports.call(word, inner).last)?.step
                    == .transferred(Transfer(kind: .unknown, to: "+33199000042"), leavesUs: true))
        }
    }

    /// The provider dates several statuses alike and writes them in any order.
    @Test func aHistoryIsReadInTheOnlyOrderItCanHaveHad() {
        let words = ["ENDED", "TRANSFERED", "ESTABLISHED", "SENT"]
        let history = words.map { "<status type=\"\($0)\" date=\"2026-01-05T08:59:00Z\"/>" }.joined()
        let told = DMCReports.call("ENDED", history).map(\.words.event)
        #expect(told == ["SENT", "ESTABLISHED", "TRANSFERED", "ENDED"])
    }

    @Test(arguments: ["ANSWERED", "RECEIVED", "CONVERTED", "CLICK", "PARKED", "answered"])
    func otherWordsMoveNoCall(_ word: String) {
        let facts = DMCReports.call(word, "<status type=\"\(word)\" info=\"OK\"/>")
        #expect(DMCReports.kinds(facts) == ["unknown status"])
        #expect(DMCReports.call(facts.last)?.step == .remark)
    }

    @Test func oneDateOrdersNothing() {
        let inner =
            "<status type=\"ENDED\" amd=\"human\" date=\"2026-01-05T08:59:00Z\"/>"
            + "<status type=\"ESTABLISHED\" date=\"2026-01-05T08:59:00Z\"/>"
        #expect(DMCReports.call("ENDED", inner).map(\.words.event) == ["ESTABLISHED", "ENDED"])
    }

    @Test func theSameStatusIsTheSameFactInEveryNotation() {
        let xml = DMCReports.call("ESTABLISHED", "<status type=\"ESTABLISHED\" date=\"2026-01-05 09:59:00\"/>")
        let json = DMCReports.facts(
            #"{"Status_Report":{"Username":1234,"CALL":{"To":"+33199000041","Call_id":30020,"status":"ESTABLISHED","#
                + #""date":"2026-01-05 09:59:00 CET"}}}"#)
        #expect(xml.map(\.id) == json.map(\.id))
        #expect(xml.map(\.time) == json.map(\.time))
        #expect(xml.last?.words.notes == [.zoneAssumed])
        #expect(json.last?.words.notes == [])
    }
}
