import CallModel
import Testing

/// Calls we placed and the notifications that are about them.
struct PlacementTests {
    private func place(_ id: String, _ stage: inout Stage, at: Double) {
        stage.say(.placed(CallID(rawValue: id)), of: "placement \(id)", at: at, direction: .outbound)
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
        stage.say(.connected(nil), of: "theirs", at: 59, direction: .outbound)
        #expect(stage.told.last?.subject == "mine")
        #expect(
            stage.data(.callConnected)?.basis == .inferred(why: "matched with the call we placed by line and number"))
    }

    @Test func afterAMinuteItIsNot() {
        var stage = Stage()
        place("mine", &stage, at: 0)
        stage.say(.connected(nil), of: "theirs", at: 60.001, direction: .outbound)
        #expect(stage.told.last?.subject != "mine")
    }

    @Test func aCallThatComesInIsNot() {
        var stage = Stage()
        place("mine", &stage, at: 0)
        stage.say(.ringing, of: "theirs", at: 1, direction: .inbound)
        #expect(stage.told.last?.subject != "mine")
    }

    @Test func everyPlacedCallIsItsOwn() {
        var stage = Stage()
        place("one", &stage, at: 0)
        place("two", &stage, at: 1)
        #expect(Set(stage.told.map(\.subject)) == ["one", "two"])
        stage.say(.initiated, of: "first", at: 2, direction: .outbound)
        stage.say(.initiated, of: "second", at: 3, direction: .outbound)
        #expect(stage.tracker.call(named: CallKey(rawValue: "first"))?.id.rawValue == "one")
        #expect(stage.tracker.call(named: CallKey(rawValue: "second"))?.id.rawValue == "two")
    }

    @Test func theSamePlacementTwiceIsOneCall() {
        var stage = Stage()
        place("mine", &stage, at: 0)
        place("mine", &stage, at: 1)
        #expect(stage.types == [.callInitiated])
    }
}
