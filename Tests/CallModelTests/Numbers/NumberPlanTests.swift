import CallModel
import Testing

/// The several ways of writing one number, and what is no number at all.
struct NumberPlanTests {
    private let french = NumberPlan(country: "FR")

    @Test(arguments: [
        // OVH, VoIPGRID, people.
        ("0033639980011", "+33639980011"), ("+33639980011", "+33639980011"), ("0639980011", "+33639980011"),
        ("06 39 98 00 11", "+33639980011"), ("06.39.98.00.11", "+33639980011"), ("06-39-98-00-11", "+33639980011"),
        ("+33 (0)6 39 98 00 11", "+33639980011"), ("0033 (0)6 39 98 00 11", "+33639980011"),
        ("+33\u{A0}6\u{202F}39\u{2009}98\u{2007}00 11", "+33639980011"), ("01/99/00/00/01", "+33199000001"),
        ("(01) 99 00 00 01", "+33199000001"), ("+31(0)201234567", "+31201234567"),
    ])
    func becomesOneNumber(_ raw: String, _ number: String) {
        let party = french.party(raw, notation: .prefixed)
        #expect(party == Party(number: number, raw: raw, kind: .e164))
    }

    @Test(arguments: [
        ("33639980011", "+33639980011"), ("0639980011", "+33639980011"), ("+33639980011", "+33639980011"),
        ("0033639980011", "+33639980011"), ("4930123456789", "+4930123456789"),
    ])
    func theBareCountryCodeIsKeyyosAlone(_ raw: String, _ number: String) {
        #expect(french.party(raw, notation: .bareCountryCode).number == number)
    }

    @Test(arguments: [
        ("33639980011", Party.Kind.unknown), ("639980011", .unknown), ("238", .extension), ("1", .extension),
        ("20345", .short), ("118218", .short), ("15", .short), ("112", .short), ("06399800", .national),
        ("06399800112", .national), ("00399801", .unknown), ("+0639980011", .unknown), ("+123456", .unknown),
        ("+1234567890123456", .unknown), ("00", .unknown), ("000000000", .unknown), ("anonymous", .anonymous),
        ("Anonymous", .anonymous), (" restricted", .anonymous), ("", .anonymous), ("sip:front@example.org", .unknown),
        ("+", .unknown), ("++33639980011", .unknown), ("+33639980011x", .unknown), ("33+639980011", .unknown),
        ("٠٦٣٩٩٨٠٠١١", .unknown), ("０６３９９８００１１", .unknown), ("06 39 98 00 11;ext=2", .unknown),
        ("()", .unknown), ("---", .unknown), ("\u{0}", .unknown), ("Jérôme", .unknown),
    ])
    func isNeverAFakeNumber(_ raw: String, _ kind: Party.Kind) {
        let party = french.party(raw, notation: .prefixed)
        #expect(party.number == nil)
        #expect(party.kind == kind)
        #expect(party.raw == (raw.isEmpty ? nil : raw))
    }

    @Test func twentyTwoDigitsAreKeyyosVoicemail() {
        let raw = "3319900003100000000001"
        #expect(french.party(raw, notation: .bareCountryCode) == Party(raw: raw, kind: .voicemail))
        #expect(french.party(raw, notation: .prefixed).kind != .voicemail)
        #expect(french.party(String(repeating: "1", count: 64), notation: .bareCountryCode).number == nil)
    }

    @Test(arguments: [
        ("+33 (0)6 39 98 00 01", "+33639980001"), ("0033 (0) 6 39 98 00 01", "0033639980001"),
        ("33 (0)6 39 98 00 01", "33639980001"), ("(0)6 39 98 00 01", "0639980001"), ("06 39 98 00 01", "0639980001"),
        ("238", "238"), ("15", "15"), ("+39 06 1234567", "+39061234567"), ("+34 612 345 678", "+34612345678"),
        ("0 00 33 6 39 98 00 01", "00033639980001"),
    ])
    func isDialledAsItWasMeant(_ typed: String, _ digits: String) throws {
        #expect(try NumberPlan.dialled(typed) == digits)
    }

    @Test(arguments: [
        ("(0)", UndiallableNumber.onlyZeros), ("0", .onlyZeros), ("+0", .onlyZeros), ("000", .onlyZeros),
        ("", .notANumber), ("+", .notANumber), ("nobody", .notANumber), ("06 39 98 00 01 ext 2", .notANumber),
        ("+33 06 39 98 00 01", .trunkPrefixAfterCountryCode("0")),
        ("+33 ( 0 ) 6 39 98 00 01", .trunkPrefixAfterCountryCode("0")),
        ("0033 06 39 98 00 01", .trunkPrefixAfterCountryCode("0")),
        ("+33 (06) 39 98 00 01", .trunkPrefixAfterCountryCode("0")),
        ("+36 06 1 234 5678", .trunkPrefixAfterCountryCode("06")), ("+39 (0)6 1234567", .optionalZero),
        ("06 39 98 00 01 / 06 39 98 00 02", .tooLong), ("+33639980001 0199000001", .tooLong),
    ])
    func isNotDialledWrongly(_ typed: String, _ reason: UndiallableNumber) {
        #expect(throws: reason) { try NumberPlan.dialled(typed) }
    }

    @Test func withoutACountryNationalNumbersStayNational() {
        for plan in [NumberPlan(country: nil), NumberPlan(country: "XX"), NumberPlan(country: "fr")] {
            #expect(plan.party("0639980011", notation: .prefixed) == Party(raw: "0639980011", kind: .national))
            #expect(plan.party("0033639980011", notation: .prefixed).number == "+33639980011")
        }
    }

    @Test(arguments: [
        ("NL", "0201234567", "+31201234567"), ("BE", "0470123456", "+32470123456"),
        ("DE", "03023125001", "+493023125001"),
        ("IT", "0612345678", "+390612345678"), ("ES", "612345678", "+34612345678"), ("HU", "0612345678", "+3612345678"),
        ("GB", "02079460000", "+442079460000"), ("US", "2025550123", "+12025550123"),
    ])
    func everyCountryHasItsRule(_ country: String, _ raw: String, _ number: String) {
        #expect(NumberPlan(country: country).party(raw, notation: .prefixed).number == number)
    }

    @Test func aZeroIsNeverStrippedTwice() {
        #expect(french.party("00639980011", notation: .prefixed).number == "+639980011")
        #expect(french.party("006399", notation: .prefixed).number == nil)
        #expect(NumberPlan(country: "DE").party("0030123456", notation: .prefixed).number == "+30123456")
    }

    @Test func theNameAndTheLineAreKept() {
        let party = french.party("0639980011", notation: .prefixed, name: "Zoé", line: "front")
        #expect(party.name == "Zoé")
        #expect(party.line == "front")
    }

    @Test(.timeLimit(.minutes(1)))
    func aMegabyteIsNoNumber() {
        #expect(french.party(String(repeating: "9", count: 1 << 20), notation: .prefixed).number == nil)
        #expect(french.party(String(repeating: "(0)", count: 1 << 17), notation: .prefixed).number == nil)
    }

    @Test func everyKnownCountryIsNamed() {
        #expect(NumberPlan.knownCountries.contains("FR"))
        for country in NumberPlan.knownCountries { #expect(NumberPlan(country: country).country == country) }
    }

    @Test func twoWritingsAreOneSubscriber() {
        let one = french.party("0639980011", notation: .prefixed)
        #expect(one.isSameSubscriber(as: french.party("+33639980011", notation: .prefixed)))
        #expect(!one.isSameSubscriber(as: french.party("0639980012", notation: .prefixed)))
        #expect(!french.party("", notation: .prefixed).isSameSubscriber(as: french.party("", notation: .prefixed)))
    }
}
