import CallModel

/// The `Date` header: `Sat, 21 Nov 2026 09:30:00 GMT` (RFC 9110, section 5.6.7).
enum HTTPDate {
    static func text(_ time: Timestamp) -> String {
        let days = time.milliseconds.flooredDivision(by: 86_400_000)
        let seconds = (time.milliseconds - days * 86_400_000) / 1_000
        let (year, month, day) = CivilDate.fromDays(days)
        // 1970-01-01 was a Thursday.
        let weekday = weekdays[Int((days + 4) - (days + 4).flooredDivision(by: 7) * 7)]
        return "\(weekday), \(padded(day)) \(months[Int(month) - 1]) \(year) "
            + "\(padded(seconds / 3_600)):\(padded(seconds / 60 % 60)):\(padded(seconds % 60)) GMT"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : String(number) }
}
