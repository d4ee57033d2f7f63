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

    /// What is said of the call by its name is no conclusion, whatever else was said of it.
    @Test func whatIsSaidOfItByItsNameIsReported() {
        var stage = Stage()
        let extension238 = Party(raw: "238", kind: .extension)
        func say(_ step: CallFact.Step, _ stage: inout Stage, at: Double, _ word: String) {
            stage.say(step, of: "placement mine", at: at, direction: .outbound, word: word) { $0.local = extension238 }
        }
        stage.say(.placed(CallID(rawValue: "mine")), of: "placement mine", at: 0, direction: .outbound) {
            $0.mayBePlaced = true
            $0.local = extension238
        }
        let why = Basis.inferred(why: "matched with the call we placed by line and number")
        notify(.ringing, of: "theirs", &stage, at: 1) { $0.lineNames = ["238"] }
        #expect(stage.data(.callRinging)?.basis == why)
        #expect(stage.data(.callRinging)?.local == extension238)
        say(.initiated, &stage, at: 1.5, "dialing_a")
        #expect(stage.told.last?.call?.basis == why)
        say(.ringing, &stage, at: 2, "dialing_b")
        #expect(stage.told.last?.call?.basis == .reported)
        notify(.connected(nil), of: "theirs", &stage, at: 3)
        #expect(stage.told.last?.call?.basis == why)
        say(.connected(nil), &stage, at: 4, "is connected")
        #expect(stage.told.last?.call?.basis == .reported)
        notify(.ended(CallFact.Ending()), of: "theirs", &stage, at: 9)
        #expect(stage.data(.callEnded)?.basis == why)
        say(.ended(CallFact.Ending(unanswered: .unknown)), &stage, at: 9.5, "disconnected")
        #expect(stage.told.last?.call?.basis == .reported)
        stage.close()
        #expect(stage.data(.callSummary)?.basis == .reported)
        #expect(stage.data(.callSummary)?.outcome == .answered)
        #expect(stage.data(.callSummary)?.local == extension238)
        #expect(Set(stage.told.map(\.subject)) == ["mine"])
    }

    /// The reason of the end, or the answer, only in a notification: the outcome rests on it.
    @Test(arguments: [CallFact.Ending(outcome: .busy), CallFact.Ending()])
    func whatOnlyANotificationSaidStaysAConclusion(_ ending: CallFact.Ending) {
        var stage = Stage()
        place("mine", &stage, at: 0)
        if ending.outcome == nil { notify(.connected(nil), of: "theirs", &stage, at: 1) }
        notify(.ended(ending), of: "theirs", &stage, at: 2)
        stage.say(.ended(CallFact.Ending(unanswered: .unknown)), of: "placement mine", at: 3, direction: .outbound)
        stage.close()
        #expect(stage.data(.callSummary)?.outcome == ending.outcome ?? .answered)
        #expect(
            stage.data(.callSummary)?.basis == .inferred(why: "matched with the call we placed by line and number"))
    }

    // MARK: - Our telephone, which is called first

    private func ring(
        _ step: CallFact.Step, _ stage: inout Stage, at: Double, of call: String = "first leg",
        from caller: Party = Party(number: "+33639980011", kind: .e164)
    ) {
        notify(step, of: call, &stage, at: at, direction: .inbound) {
            $0.mayBeFirstLeg = true
            $0.remote = caller
        }
    }

    @Test(arguments: ["+33639980011", "+33199000001", "+33199000099"])
    func theRingingOfOurTelephoneIsNoSecondCall(_ caller: String) {
        var stage = Stage()
        stage.say(.placed(CallID(rawValue: "mine")), of: "placement mine", at: 0, direction: .outbound) {
            $0.mayBePlaced = true
            $0.shownNumbers = ["+33199000099"]
        }
        ring(.ringing, &stage, at: 1, from: Party(number: caller, kind: .e164))
        #expect(stage.tracker.call(CallID(rawValue: "mine"))?.state == .initiated)
        ring(.connected(nil), &stage, at: 3)
        notify(.ringing, of: "second leg", &stage, at: 4)
        notify(.connected(nil), of: "second leg", &stage, at: 6)
        ring(.ended(CallFact.Ending()), &stage, at: 9)
        #expect(stage.tracker.call(CallID(rawValue: "mine"))?.state == .connected)
        notify(.ended(CallFact.Ending()), of: "second leg", &stage, at: 9)
        stage.close()
        #expect(Set(stage.told.map(\.subject)) == ["mine"])
        #expect(stage.data(.callSummary)?.outcome == .answered)
        #expect(stage.data(.callSummary)?.direction == .outbound)
        #expect(stage.data(.callSummary)?.remote?.number == "+33639980011")
        #expect(stage.types.filter { $0 == .callConnected }.count == 1)
    }

    @Test func itMayRingBeforeTheAnswerToOurRequest() {
        var stage = Stage()
        ring(.ringing, &stage, at: 0)
        place("mine", &stage, at: 1)
        #expect(Set(stage.told.map(\.subject)).count == 1)
        #expect(stage.told.last?.call?.direction == .outbound)
        notify(.connected(nil), of: "second leg", &stage, at: 6)
        #expect(Set(stage.told.map(\.subject)).count == 1)
        #expect(stage.data(.callConnected)?.direction == .outbound)
    }

    /// Whom we call calls us: our telephone rings for him, and once for our own call.
    @Test(arguments: [true, false])
    func itRingsOnceForACallThatWePlaced(_ ringsBeforeTheAnswer: Bool) {
        var stage = Stage()
        if !ringsBeforeTheAnswer { place("mine", &stage, at: 0) }
        ring(.ringing, &stage, at: 1)
        if ringsBeforeTheAnswer { place("mine", &stage, at: 1.5) }
        let ours = stage.told.first?.subject
        ring(.ringing, &stage, at: 4, of: "his call")
        #expect(stage.told.last?.type == .callRinging)
        #expect(stage.told.last?.subject != ours)
        #expect(stage.told.last?.call?.direction == .inbound)
        ring(.ended(CallFact.Ending()), &stage, at: 14, of: "his call")
        // What else is said of our telephone is said of our call.
        ring(.connected(nil), &stage, at: 15)
        #expect(stage.told.last?.subject == ours)
        stage.pass(to: 17)
        #expect(stage.data(.callSummary)?.outcome == .missed)
        // And it rings for the next one as well.
        place("next", &stage, at: 20)
        ring(.ringing, &stage, at: 21, of: "next leg")
        #expect(stage.told.last?.subject == "next")
    }

    /// Somebody else calls, or that number calls later, or another telephone.
    @Test func whoeverElseCallsUsMeanwhileIsTold() {
        for (caller, at, line) in [
            ("+33639980099", 1.0, "+33199000001"), ("+33639980011", 11, "+33199000001"),
            ("+33639980011", 1, "+33199000002"),
        ] {
            var stage = Stage()
            place("mine", &stage, at: 0)
            notify(.ringing, of: "theirs", &stage, at: at, direction: .inbound) {
                $0.mayBeFirstLeg = true
                $0.remote = Party(number: caller, kind: .e164)
                $0.local = Party(number: line, kind: .e164)
            }
            #expect(stage.told.last?.subject != "mine", "\(caller) \(line)")
        }
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
