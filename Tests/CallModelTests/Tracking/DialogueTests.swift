import CallModel
import Testing

/// A call of several dialogues (Keyyo: one CALLREF, several DREFs): it is over when none of them goes on.
struct DialogueTests {
    private func say(
        _ stage: inout Stage, _ step: CallFact.Step, _ dialogue: String, at: Double, time: Double? = nil,
        replacing replaced: String? = nil
    ) {
        stage.say(step, at: at, time: time) {
            $0.dialog = CallKey(rawValue: dialogue)
            $0.replaces = replaced.map { CallKey(rawValue: $0) }
        }
    }

    private let end = CallFact.Step.ended(CallFact.Ending())

    private typealias Word = (step: CallFact.Step, dialogue: String, time: Double)

    /// Two telephones ring, the second answers.
    private var twoTelephones: [Word] {
        [
            (.ringing, "one", 0), (.ringing, "two", 0.1), (.connected(nil), "two", 5), (end, "one", 5.1),
            (end, "two", 30),
        ]
    }

    private static let orders: [[Int]] = {
        func permutations(_ numbers: [Int]) -> [[Int]] {
            guard !numbers.isEmpty else { return [[]] }
            return numbers.flatMap { first in permutations(numbers.filter { $0 != first }).map { [first] + $0 } }
        }
        return permutations([0, 1, 2, 3, 4])
    }()

    /// Whatever comes first, and how late.
    @Test(arguments: [0.1, 3], orders)
    func anyOrderTellsTheSame(_ pause: Double, _ order: [Int]) {
        var stage = Stage()
        for (place, number) in order.enumerated() {
            let word = twoTelephones[number]
            say(&stage, word.step, word.dialogue, at: 100 + Double(place) * pause, time: word.time)
        }
        stage.close()
        let last = stage.told.last { $0.call?.outcome != nil }?.call
        #expect(last?.outcome == .answered)
        #expect(last?.basis == .reported)
        #expect(last?.ring == .seconds(5))
        #expect(last?.talk == .seconds(25))
        #expect(stage.types.count { $0 == .callEnded } == 1)
    }

    @Test func theEndOfOneDialogueIsNotThatOfTheCall() {
        var stage = Stage()
        for word in twoTelephones.dropLast() { say(&stage, word.step, word.dialogue, at: word.time) }
        stage.pass(to: 29)
        #expect(stage.tracker.liveCalls.map(\.state) == [.connected])
        say(&stage, end, "two", at: 30)
        stage.close()
        #expect(stage.data(.callSummary)?.talk == .seconds(25))
    }

    private var takeover: [Word] {
        [
            (.ringing, "one", 0), (.connected(nil), "one", 2), (.ringing, "two", 10), (end, "one", 10.1),
            (end, "two", 80),
        ]
    }

    /// A colleague takes the call over, and his answer is not heard: he talked, for nobody is rung for it.
    @Test(
        arguments: [0.1, 3], [[0, 1, 2, 3, 4], [0, 1, 2, 4, 3], [0, 2, 1, 3, 4], [1, 0, 2, 3, 4], [0, 2, 3, 4, 1]])
    func aTakeoverWithoutAnAnswerWentOnToItsEnd(_ pause: Double, _ order: [Int]) throws {
        var stage = Stage()
        for (place, number) in order.enumerated() {
            let word = takeover[number]
            say(
                &stage, word.step, word.dialogue, at: 100 + Double(place) * pause, time: word.time,
                replacing: word.dialogue == "two" ? "one" : nil)
        }
        stage.pass(to: 120)
        let last = stage.told.last { $0.call?.outcome != nil }?.call
        #expect(last?.outcome == .answered)
        #expect(last?.times.ended == Stage.time(80))
        #expect(last?.talk == .seconds(78))
        #expect(
            last?.basis
                == .inferred(why: "it took another call over and went on well after; the answer itself was not seen"))
        // It is heard after all, and then it is no conclusion.
        say(&stage, .connected(nil), "two", at: 121, time: 10.3, replacing: "one")
        let call = try #require(stage.tracker.call(named: CallKey(rawValue: "call")))
        #expect(stage.tracker.presentation(of: call).basis == .reported)
        #expect(stage.tracker.presentation(of: call).talk == .seconds(78))
    }

    /// What is over at once took nothing over.
    @Test func aTakeoverThatIsOverAtOnceLeavesTheEndWhereItWas() {
        var stage = Stage()
        for word in takeover.dropLast() {
            say(
                &stage, word.step, word.dialogue, at: word.time, time: word.time,
                replacing: word.dialogue == "two" ? "one" : nil)
        }
        say(&stage, end, "two", at: 11, time: 11, replacing: "one")
        stage.close()
        #expect(stage.data(.callSummary)?.times.ended == Stage.time(10.1))
        #expect(stage.data(.callSummary)?.basis == .reported)
    }

    /// Nobody answers: the last that rang tells when it was over.
    @Test func nobodyAnswers() {
        var stage = Stage()
        say(&stage, .ringing, "one", at: 0)
        say(&stage, .ringing, "two", at: 0.1)
        say(&stage, end, "one", at: 4)
        #expect(stage.tracker.liveCalls.count == 1)
        say(&stage, end, "two", at: 9)
        stage.close()
        #expect(stage.data(.callSummary)?.outcome == .missed)
        #expect(stage.data(.callSummary)?.ring == .seconds(9))
    }

    /// What rang besides is silent once it is answered, even if that is not said.
    @Test(arguments: [[0, 1, 2, 4], [0, 1, 4, 2], [1, 0, 4, 2]])
    func aLostEndOfWhatOnlyRangHoldsNothingUp(_ order: [Int]) {
        var stage = Stage()
        for (place, number) in order.enumerated() {
            let word = twoTelephones[number]
            say(&stage, word.step, word.dialogue, at: 100 + Double(place), time: word.time)
        }
        stage.pass(to: 110)
        #expect(stage.data(.callSummary)?.outcome == .answered)
        #expect(stage.data(.callSummary)?.talk == .seconds(25))
    }

    /// The beginning of the second was lost: its answer counts, and its end is to come.
    @Test(arguments: [0.1, 60])
    func anAnswerOfAnotherDialogueBeatsTheEndOfOne(_ later: Double) {
        var stage = Stage()
        say(&stage, .ringing, "one", at: 0, time: 0)
        say(&stage, end, "one", at: 4.9, time: 4.9)
        say(&stage, .connected(nil), "two", at: 4.9 + later, time: 5)
        stage.pass(to: 70)
        #expect(stage.told.last { $0.call?.outcome != nil }?.call?.outcome == .answered)
        say(&stage, end, "two", at: 3_600, time: 3_600)
        #expect(stage.data(.callCorrected)?.talk == .seconds(3_595))
    }

    /// One of the telephones takes the call from the other.
    @Test(arguments: [true, false])
    func oneDialogueTakesThePlaceOfAnother(_ isFirstEndHeard: Bool) {
        var stage = Stage()
        say(&stage, .ringing, "one", at: 0)
        say(&stage, .ringing, "two", at: 5, replacing: "one")
        if isFirstEndHeard { say(&stage, end, "one", at: 5.1) }
        #expect(stage.tracker.liveCalls.count == 1)
        say(&stage, .connected(nil), "two", at: 5.2, replacing: "one")
        say(&stage, end, "two", at: 20, replacing: "one")
        stage.close()
        #expect(stage.data(.callSummary)?.outcome == .answered)
        #expect(stage.data(.callSummary)?.talk == .milliseconds(14_800))
    }

    /// Any of its dialogues is what another call may take over.
    @Test func anotherCallTakesTheSecondDialogue() {
        var stage = Stage()
        say(&stage, .ringing, "one", at: 0)
        say(&stage, .ringing, "two", at: 0.1)
        stage.say(.connected(nil), of: "taker", at: 5) {
            $0.dialog = CallKey(rawValue: "three")
            $0.replaces = CallKey(rawValue: "two")
        }
        say(&stage, end, "one", at: 5.1)
        say(&stage, end, "two", at: 5.2)
        stage.pass(to: 10)
        #expect(stage.data(.callSummary)?.outcome == .answeredElsewhere)
    }
}
