import CallModel
import Testing

/// The telephones of a group, which a provider names one by one or all at once (VoIPGRID's call notifications).
struct TelephoneLegsTests {
    private func ring(_ lines: [String], _ stage: inout Stage, at: Double) {
        stage.say(.ringing, of: "call", at: at) { $0.legs = lines.map { Leg(line: $0, state: .ringing) } }
    }

    private func legs(_ stage: Stage, _ type: EventType = .callSummary) -> [String] {
        (stage.data(type)?.legs ?? []).map { "\($0.line ?? "") \($0.outcome?.rawValue ?? $0.state.rawValue)" }
    }

    @Test func furtherTelephonesJoin() {
        var stage = Stage()
        ring(["1", "2"], &stage, at: 0)
        ring(["2", "3"], &stage, at: 1)
        ring(["2", "3"], &stage, at: 2)
        #expect(stage.types == [.callRinging, .callUpdated])
        #expect(legs(stage, .callUpdated) == ["1 ringing", "2 ringing", "3 ringing"])
    }

    @Test func theOneThatAnswersEndsTheRingingOfTheOthers() {
        var stage = Stage()
        ring(["1", "2"], &stage, at: 0)
        stage.say(.connected(nil), at: 1) { $0.legs = [Leg(line: "2", state: .connected)] }
        #expect(legs(stage, .callConnected) == ["1 answered_elsewhere", "2 connected"])
        ring(["3"], &stage, at: 2)
        stage.say(.ended(CallFact.Ending()), at: 3)
        stage.close()
        #expect(legs(stage) == ["1 answered_elsewhere", "2 answered", "3 answered_elsewhere"])
        #expect(stage.data(.callSummary)?.outcome == .answered)
    }

    @Test func nobodyAnswered() {
        var stage = Stage()
        ring(["1", "2"], &stage, at: 0)
        stage.say(.ended(CallFact.Ending()), at: 3)
        stage.close()
        #expect(legs(stage) == ["1 missed", "2 missed"])
    }

    @Test func whichOneAnsweredIsNotGuessed() {
        var stage = Stage()
        ring(["1", "2"], &stage, at: 0)
        stage.say(.connected(nil), at: 1)
        stage.say(.ended(CallFact.Ending()), at: 3)
        stage.close()
        #expect(legs(stage) == ["1 unknown", "2 unknown"])
    }

    @Test func oneAloneMustHaveBeenIt() {
        var stage = Stage()
        ring(["1"], &stage, at: 0)
        stage.say(.connected(nil), at: 1)
        stage.say(.ended(CallFact.Ending()), at: 3)
        stage.close()
        #expect(legs(stage) == ["1 answered"])
    }

    @Test func lateNewsPutsThemRight() {
        var stage = Stage()
        ring(["1", "2"], &stage, at: 0)
        stage.say(.ended(CallFact.Ending()), at: 3, time: 3)
        stage.say(.connected(nil), at: 4, time: 1) { $0.legs = [Leg(line: "2", state: .connected)] }
        ring(["3"], &stage, at: 4)
        stage.close()
        #expect(legs(stage) == ["1 answered_elsewhere", "2 answered", "3 answered_elsewhere"])
        #expect(stage.data(.callSummary)?.outcome == .answered)
    }

    @Test func thereAreNeverMoreThanALineHolds() {
        var stage = Stage()
        for number in 0..<200 { ring(["\(number)"], &stage, at: Double(number) / 100) }
        #expect(stage.data(.callUpdated)?.legs.count == EventEncoder.maximumLegs)
    }

    @Test func aNotificationOfAnExtensionsCallMayNameItsNumber() {
        var stage = Stage()
        stage.say(.placed(CallID(rawValue: "mine")), of: "placement", at: 0, direction: .outbound) {
            $0.mayBePlaced = true
            $0.local = Party(raw: "238", kind: .extension)
        }
        stage.say(.ringing, of: "theirs", at: 1, direction: .outbound) { $0.mayBePlaced = true }
        #expect(Set(stage.told.map(\.subject)) == ["mine"])
    }
}
