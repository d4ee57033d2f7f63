import CallModel
import Testing

struct TimestampTests {
    @Test(arguments: [
        (0 as Int64, "1970-01-01T00:00:00.000Z"), (1_767_603_600_125, "2026-01-05T09:00:00.125Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (4_102_444_799_999, "2099-12-31T23:59:59.999Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
    ])
    func isWrittenAndReadBack(_ milliseconds: Int64, _ text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
        #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        ("2019-06-07T11:40:16.036197406+02:00", "2019-06-07T09:40:16.036Z"),
        ("2019-06-07T11:40:16.03650895+02:00", "2019-06-07T09:40:16.036Z"),
        ("2019-07-20T13:17:39+00:00", "2019-07-20T13:17:39.000Z"), ("2019-07-20t13:17:39z", "2019-07-20T13:17:39.000Z"),
        ("2019-07-20 13:17:39Z", "2019-07-20T13:17:39.000Z"), ("2019-07-20T13:17:39.5Z", "2019-07-20T13:17:39.500Z"),
        ("2019-07-20T00:17:39-05:30", "2019-07-20T05:47:39.000Z"), ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"), ("2019-07-20T13:17:39+0200", "2019-07-20T11:17:39.000Z"),
    ])
    func readsEveryForm(_ text: String, _ expected: String) {
        #expect(Timestamp(rfc3339: text)?.description == expected)
    }

    @Test(arguments: [
        "", "2019", "2019-07-20", "2019-07-20T13:17:39", "2019-07-20T13:17:39.Z", "2019-07-20T13:17:39+2:00",
        "2019-13-20T13:17:39Z", "2019-00-20T13:17:39Z", "2019-02-29T13:17:39Z", "2019-04-31T13:17:39Z",
        "2019-07-00T13:17:39Z", "2019-07-20T24:00:00Z", "2019-07-20T13:60:00Z", "2019-07-20T13:17:61Z",
        "2019-07-20T13:17:39Zx", "2019-07-20T13:17:39+24:00", "2019-07-20T13:17:39+02:60", "+019-07-20T13:17:39Z",
        "２０１９-07-20T13:17:39Z", "2019-07-20T13:17:39\u{0}", "2019-12-31 20:20:05 (CET)",
    ])
    func readsNothingElse(_ text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    /// Day numbers and dates are each other's inverse through leap years and centuries.
    @Test func everyDayComesBack() {
        for day in stride(from: Int64(-719_468), through: 2_932_896, by: 137) {
            let (year, month, date) = CivilDate.fromDays(day)
            #expect(CivilDate.toDays(year: year, month: month, day: date) == day)
        }
    }

    @Test func isComparedAndMoved() {
        let time = Timestamp(milliseconds: 1_000)
        #expect(time.advanced(by: .seconds(2)).milliseconds == 3_000)
        #expect(time.since(Timestamp(milliseconds: 4_000)) == .seconds(-3))
        #expect(time < Timestamp(milliseconds: 1_001))
        #expect(Span.days(1) == .hours(24))
    }
}
