internal import Glibc

/// A moment in nanoseconds since 1970 (UTC), written in the forms the providers use.
package struct WallTime: Sendable, Equatable {
    package let nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    package static var now: WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    package func advanced(milliseconds: Int64) -> WallTime {
        WallTime(nanoseconds: nanoseconds + milliseconds * 1_000_000)
    }

    /// Rounded down, before 1970 too.
    package var seconds: Int64 { nanoseconds.dividedRoundingDown(by: 1_000_000_000) }
    package var milliseconds: Int64 { nanoseconds.dividedRoundingDown(by: 1_000_000) }

    /// `1425554670.102`: the seconds of OVH's `Ts`.
    var decimalSeconds: String { "\(seconds).\(padded(milliseconds - seconds * 1_000, 3))" }

    /// `2015-03-05T12:24:30.255954 (CET)`: OVH's `Date`, microseconds and the zone's name in parentheses.
    var ovhDate: String {
        let zone = ParisTime(self)
        return "\(zone.local.text(separator: "T")).\(padded(fraction / 1_000, 6)) (\(zone.name))"
    }

    /// `2019-12-31 20:20:05`: OVH's `Datetime`, local time without a zone.
    var ovhDatetime: String { ParisTime(self).local.text(separator: " ") }

    /// `2019-06-07T11:40:16.03650895+02:00`: the times of an OVH session, trailing zeros of the fraction trimmed.
    var ovhSessionTime: String {
        let zone = ParisTime(self)
        var digits = padded(fraction, 9)
        while digits.hasSuffix("0") { digits.removeLast() }
        return zone.local.text(separator: "T") + (digits.isEmpty ? "" : ".\(digits)") + zone.offset
    }

    /// `2019-01-01T01:00:00`: VoIPGRID's `created`, local time without zone and fraction.
    var voipgridCreated: String { ParisTime(self).local.text(separator: "T") }

    /// `2019-07-20T13:17:39+00:00`, or `2017-01-01T01:00:00.000000+00:00` with microseconds: a call notification of
    /// VoIPGRID in its two printed forms.
    func voipgridTimestamp(microseconds: Bool) -> String {
        let text = CivilTime(seconds: seconds).text(separator: "T")
        return text + (microseconds ? ".\(padded(fraction / 1_000, 6))" : "") + "+00:00"
    }

    /// `2026-03-05T11:24:30.255Z`: for the simulator's own log.
    package var utc: String {
        "\(CivilTime(seconds: seconds).text(separator: "T")).\(padded(milliseconds - seconds * 1_000, 3))Z"
    }

    private var fraction: Int64 { nanoseconds - seconds * 1_000_000_000 }
}

func padded(_ value: some BinaryInteger, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

extension Int64 {
    func dividedRoundingDown(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
