import CallModel
import Testing

@Suite("Numbers that are looked up")
struct SpellingTests {
    private let french = [NumberPlan(country: "FR"), NumberPlan(country: "NL")]

    @Test(arguments: [
        "+33639980001", "0033639980001", "0639980001", "06 39 98 00 01", "+33 (0)6 39 98 00 01", "33639980001",
        "06.39.98.00.01",
    ])
    func anyNotationGivesAllOthers(written: String) {
        let spellings = NumberPlan.spellings(of: written, in: french)
        #expect(
            Set(spellings).isSuperset(of: [written, "+33639980001", "0033639980001", "33639980001", "0639980001"]))
    }

    @Test(arguments: ["0692123456", "+262692123456", "+262 692 12 34 56"])
    func anOverseasNumberIsFoundInBothNotations(written: String) {
        #expect(Set(NumberPlan.spellings(of: written, in: french)).isSuperset(of: ["+262692123456", "0692123456"]))
    }

    @Test func withoutACountryOnlyInternationalNumbersAreUnderstood() {
        #expect(NumberPlan.spellings(of: "0033639980001", in: []).contains("+33639980001"))
        #expect(!NumberPlan.spellings(of: "0639980001", in: []).contains("+33639980001"))
    }

    @Test func whatIsNoNumberIsLookedUpAsItStands() {
        #expect(NumberPlan.spellings(of: "anonymous", in: french) == ["anonymous"])
        #expect(NumberPlan.spellings(of: "238", in: french) == ["238"])
        #expect(NumberPlan.spellings(of: "", in: french) == [""])
    }
}
