/// Central European time, in which OVH writes its dates: CEST from the last Sunday of March to the last Sunday of
/// October, each at 01:00 UTC (directive 2000/84/EC), else CET.
struct ParisTime {
    let local: CivilTime
    /// `CET` or `CEST`, as OVH prints it in parentheses.
    let name: String
    /// `+01:00` or `+02:00`.
    let offset: String

    init(_ time: WallTime) {
        let year = CivilTime(seconds: time.seconds).year
        let summer = Self.lastSunday(year: year, month: 3)..<Self.lastSunday(year: year, month: 10)
        let isSummer = summer.contains(time.seconds)
        local = CivilTime(seconds: time.seconds + (isSummer ? 7_200 : 3_600))
        name = isSummer ? "CEST" : "CET"
        offset = isSummer ? "+02:00" : "+01:00"
    }

    /// 01:00 UTC of the last Sunday of a month with 31 days, in seconds since 1970.
    private static func lastSunday(year: Int64, month: Int64) -> Int64 {
        let last = CivilTime.days(year: year, month: month, day: 31)
        // 1970-01-01 was a Thursday: day 3 is the first Sunday.
        return (last - (last - 3) % 7) * 86_400 + 3_600
    }
}
