import CallModel
import Testing

/// Calls we placed and the notifications that are about them.
struct PlacementTests {
    private func place(_ id: String, _ stage: inout Stage, at: Double) {
        stage.say(.placed(CallID(rawValue: id)), of: "placement \(id)", at: at, direction: .outbound) {
            $0.mayBePlaced = true
        }
    }

    private func notify(
        _ step: CallFact.Step, of call: String, _ stage: inout Stage, at: Double, direction: Direction = .outbound,
        with change: (inout CallFact) -> Void = { _ in }
    ) {
        stage.say(step, of: call, at: at, direction: direction) {
            $0.mayBePlaced = true
            change(&$0)
        }
    }

    @Test func aPlacedCallHasTheIdThatWasGivenForIt() {
        var stage = Stage()
        place("mine", &stage, at: 0)
        #expect(stage.types == [.callInitiated])
        #expect(stage.told.first?.subject == "mine")
    }

    @Test func aNotificationOfTheSameTwoNumbersIsAboutIt() {
        var stage = Stage()
        place("mine", &stage, at: 0)
        notify(.connected(nil), of: "theirs", &stage, at: 59, direction: .outbound)
        #expect(stage.told.last?.subject == "mine")
        #expect(
            stage.data(.callConnected)?.basis == .inferred(why: "matched with the call we placed by line and number"))
    }

    @Test func afterAMinuteItIsNot() {
        var stage = Stage()
        place("mine", &stage, at: 0)
        notify(.connected(nil), of: "theirs", &stage, at: 60.001, direction: .outbound)
        #expect(stage.told.last?.subject != "mine")
    }

    @Test func aCallThatComesInIsNot() {
        var stage = Stage()
        place("mine", &stage, at: 0)
        notify(.ringing, of: "theirs", &stage, at: 1, direction: .inbound)
        #expect(stage.told.last?.subject != "mine")
    }

    @Test func everyPlacedCallIsItsOwn() {
        var stage = Stage()
        place("one", &stage, at: 0)
        place("two", &stage, at: 1)
        #expect(Set(stage.told.map(\.subject)) == ["one", "two"])
        notify(.initiated, of: "first", &stage, at: 2, direction: .outbound)
        notify(.initiated, of: "second", &stage, at: 3, direction: .outbound)
        #expect(stage.tracker.call(named: CallKey(rawValue: "first"))?.id.rawValue == "one")
        #expect(stage.tracker.call(named: CallKey(rawValue: "second"))?.id.rawValue == "two")
    }

    @Test func theSamePlacementTwiceIsOneCall() {
        var stage = Stage()
        place("mine", &stage, at: 0)
        place("mine", &stage, at: 1)
        #expect(stage.types == [.callInitiated])
    }

    @Test func aNotificationMayBeFasterThanTheAnswerToOurRequest() {
        var stage = Stage()
        notify(.initiated, of: "theirs", &stage, at: 0)
        place("mine", &stage, at: 1)
        notify(.connected(nil), of: "theirs", &stage, at: 5)
        #expect(stage.types == [.callInitiated, .callUpdated, .callConnected])
        #expect(Set(stage.told.map(\.subject)).count == 1)
        // Whoever asked is given the id under which the call is known.
        #expect(
            stage.tracker.call(named: CallKey(rawValue: "placement mine"))?.id.rawValue == stage.told.first?.subject)
    }

    @Test func aPlatformMayNameTheTwoSidesTheOtherWayRound() {
        var stage = Stage()
        place("mine", &stage, at: 0)
        notify(.ringing, of: "theirs", &stage, at: 1) { fact in (fact.local, fact.remote) = (fact.remote, fact.local) }
        #expect(Set(stage.told.map(\.subject)) == ["mine"])
        #expect(stage.tracker.call(CallID(rawValue: "mine"))?.remote?.number == "+33639980011")
    }

    @Test func aSecondNotifiedCallIsNotOursToo() {
        var stage = Stage()
        place("mine", &stage, at: 0)
        notify(.initiated, of: "first", &stage, at: 1)
        notify(.initiated, of: "second", &stage, at: 2)
        #expect(stage.tracker.call(named: CallKey(rawValue: "second"))?.id.rawValue != "mine")
    }

    @Test func aCallWithAnotherNumberIsNotOurs() {
        var stage = Stage()
        place("mine", &stage, at: 0)
        notify(.initiated, of: "theirs", &stage, at: 1) { $0.remote = Party(number: "+33639980099", kind: .e164) }
        #expect(stage.told.last?.subject != "mine")
    }

    /// A colleague calls the same number from another telephone of the house.
    @Test func aCallFromAnotherLineIsNotOurs() {
        var stage = Stage()
        stage.say(.placed(CallID(rawValue: "mine")), of: "placement mine", at: 0, direction: .outbound) {
            $0.mayBePlaced = true
            $0.local = Party(raw: "238", kind: .extension)
        }
        notify(.ringing, of: "his", &stage, at: 1) {
            $0.local = Party(number: "+33199000009", kind: .e164)
            $0.lineNames = ["777"]
        }
        #expect(stage.told.last?.subject != "mine")
        notify(.ringing, of: "ours", &stage, at: 2) {
            $0.local = Party(number: "+33199000001", kind: .e164)
            $0.lineNames = ["234", "238"]
        }
        #expect(stage.told.last?.subject == "mine")
    }

    @Test func whoeverIsNamedTheOtherWayRoundStaysOnHisSide() {
        var stage = Stage()
        place("mine", &stage, at: 0)
        notify(.connected(nil), of: "theirs", &stage, at: 1, direction: .internal) { fact in
            (fact.local, fact.remote) = (fact.remote, Party(raw: "238", kind: .extension))
        }
        let call = stage.data(.callConnected)
        #expect(call?.remote?.number == "+33639980011")
        #expect(call?.local?.number == "+33199000001")
        #expect(call?.direction == .outbound)
    }

    /// A server that gives every call the same name.
    @Test func twoCallsWePlacedAreTwoWhateverTheyAreCalled() {
        var stage = Stage()
        for (id, at) in [("one", 0.0), ("two", 1)] {
            stage.say(.placed(CallID(rawValue: id)), of: "same", at: at, direction: .outbound) {
                $0.reference = .keys([CallKey(rawValue: "placement \(id)"), CallKey(rawValue: "same")])
                $0.mayBePlaced = true
            }
        }
        #expect(stage.told.map(\.subject) == ["one", "two"])
    }
}
