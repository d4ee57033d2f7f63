import CallModel
import Providers
import Testing

/// DMC guide 1.7 and its help page: four notations, and zones without a table of zones.
struct SFRDMCDateTests {
    @Test(arguments: [
        ("2018-10-19 11:48:38 CEST", "2018-10-19T09:48:38Z", false),
        ("2018-10-19 12:03:21CEST", "2018-10-19T10:03:21Z", false),
        ("2016-11-08 13:16:56 CET", "2016-11-08T12:16:56Z", false),
        // The word counts, also out of season.
        ("2018-07-01 12:00:00 CET", "2018-07-01T11:00:00Z", false),
        ("2019-03-28T09:42:47Z", "2019-03-28T09:42:47Z", false),
        ("2014-07-11 09:52:12", "2014-07-11T07:52:12Z", true),
        ("2014-01-11 09:52:12", "2014-01-11T08:52:12Z", true),
        // Summer time began on 25 March 2018 and ended on 28 October 2018.
        ("2018-03-25 01:59:59", "2018-03-25T00:59:59Z", true),
        ("2018-03-25 03:00:00", "2018-03-25T01:00:00Z", true),
        ("2018-10-28 01:59:59", "2018-10-27T23:59:59Z", true),
        // Of the hour that comes twice the first is meant; the hour that does not come is summer.
        ("2018-10-28 02:00:00", "2018-10-28T00:00:00Z", true),
        ("2018-10-28 02:59:59", "2018-10-28T00:59:59Z", true),
        ("2018-03-25 02:30:00", "2018-03-25T00:30:00Z", true),
        ("2018-10-28 03:00:00", "2018-10-28T02:00:00Z", true),
        // On 31 March 2024, the last day of the month, and on 26 October 2025.
        ("2024-03-31 03:00:00", "2024-03-31T01:00:00Z", true),
        ("2024-03-30 12:00:00", "2024-03-30T11:00:00Z", true),
        ("2025-10-26 03:00:00", "2025-10-26T02:00:00Z", true),
    ])
    func everyNotationIsRead(_ text: String, _ expected: String, _ isAssumed: Bool) {
        let date = SFRDMCDate(text, zone: .paris)
        #expect(date?.time == Timestamp(rfc3339: expected))
        #expect(date?.isZoneAssumed == isAssumed)
    }

    @Test func theAssumedZoneIsASetting() {
        #expect(SFRDMCDate("2014-07-11 09:52:12", zone: .utc)?.time == Timestamp(rfc3339: "2014-07-11T09:52:12Z"))
    }

    @Test(arguments: [
        "", "hier", "2018-02-30 10:00:00", "2018-10-19 25:00:00", "2018-10-19", "2018-10-19 11:48:38 EST",
        "2018-10-19 11:48:38 Europe/Paris", "19/10/2018 11:48:38", "2018-10-19 11:48:3", "2018-10-19x11:48:38",
        "2018-10-19 11:48:38 CEST CEST", "٢٠١٨-10-19 11:48:38",
    ])
    func anythingElseIsNoDate(_ text: String) {
        #expect(SFRDMCDate(text, zone: .paris) == nil)
    }

    @Test(arguments: ["hier", "2018-02-30 10:00:00", ""])
    func aReportWithoutAReadableDateIsStillARecord(_ text: String) {
        let facts = DMCReports.call("ESTABLISHED", date: text)
        #expect(facts.count == 1)
        #expect(facts.last?.time == nil)
    }

    /// Whether a date can be true is for the model to say, of all providers alike.
    @Test func aDateFarAheadIsPassedOn() {
        let fact = DMCReports.call("ESTABLISHED", date: "2026-01-06T09:00:01Z").last
        #expect(fact?.time?.isPlausible(at: Fixture.start) == false)
        #expect(
            DMCReports.call("ESTABLISHED", date: "2026-01-06T09:00:00Z").last?.time?.isPlausible(at: Fixture.start)
                == true)
    }
}
