package import CallModel
import Glibc

/// Shows points in time the way a person reads them.
package enum WallClock: Sendable, Hashable {
    /// The time zone of the person at the terminal.
    case local
    case utc

    /// `2026-11-21`
    package func date(_ time: Timestamp) -> String {
        let parts = parts(time)
        return
            "\(padded(Int(parts.tm_year) + 1_900, 4))-\(padded(Int(parts.tm_mon) + 1, 2))"
            + "-\(padded(Int(parts.tm_mday), 2))"
    }

    /// `09:30:00`
    package func time(_ time: Timestamp) -> String {
        let parts = parts(time)
        return "\(padded(Int(parts.tm_hour), 2)):\(padded(Int(parts.tm_min), 2)):\(padded(Int(parts.tm_sec), 2))"
    }

    /// `09:30:00.125`
    package func exactTime(_ time: Timestamp) -> String {
        "\(self.time(time)).\(padded(Int(time.milliseconds - time.milliseconds.flooredDivision(by: 1_000) * 1_000), 3))"
    }

    /// The time alone where it is of the same day as `now`, else the date with it.
    package func short(_ time: Timestamp, now: Timestamp) -> String {
        date(time) == date(now) ? self.time(time) : "\(date(time)) \(self.time(time))"
    }

    private func parts(_ time: Timestamp) -> tm {
        var seconds = time_t(time.milliseconds.flooredDivision(by: 1_000))
        var parts = tm()
        switch self {
        case .local: localtime_r(&seconds, &parts)
        case .utc: gmtime_r(&seconds, &parts)
        }
        return parts
    }

    private func padded(_ value: Int, _ digits: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
