package import CallModel

/// Where a clock hangs that shows a time without a zone.
package enum AssumedZone: String, Sendable, Hashable, CaseIterable {
    case paris = "Europe/Paris"
    case utc = "UTC"

    /// The moment at which this zone's clocks show `local`, a time read as if it were UTC.
    package func moment(showing local: Timestamp) -> Timestamp {
        switch self {
        case .utc: local
        case .paris: local.advanced(by: .hours(Self.isSummer(inParis: local) ? -2 : -1))
        }
    }

    /// Directive 2000/84/EC: from the last Sunday of March, 01:00 UTC, to the last Sunday of October, 01:00 UTC. Of the
    /// hour that October has twice the first is meant; the hour that March has not is taken as summer.
    private static func isSummer(inParis local: Timestamp) -> Bool {
        let (year, _, _) = CivilDate.fromDays(local.milliseconds.flooredDivision(by: 86_400_000))
        let begin = lastSunday(ofMonth: 3, year: year).advanced(by: .hours(2))
        let end = lastSunday(ofMonth: 10, year: year).advanced(by: .hours(3))
        return begin <= local && local < end
    }

    /// Both months have 31 days. Day 0, 1970-01-01, was a Thursday.
    private static func lastSunday(ofMonth month: Int64, year: Int64) -> Timestamp {
        let last = CivilDate.toDays(year: year, month: month, day: 31)
        let weekday = last + 4 - (last + 4).flooredDivision(by: 7) * 7
        return Timestamp(milliseconds: (last - weekday) * 86_400_000)
    }
}
