package import CallModel

extension Span {
    /// For a person: `0.4s`, `48s`, `3m05s`, `2h07m`, `3d04h`. A negative span (a wrong clock) is `0s`.
    package var text: String {
        let milliseconds = max(0, milliseconds)
        let seconds = milliseconds / 1_000
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        switch seconds {
        case 0 where milliseconds > 0: return "0.\(max(1, milliseconds / 100))s"
        case ..<60: return "\(seconds)s"
        case ..<3_600: return "\(seconds / 60)m\(two(seconds % 60))s"
        case ..<86_400: return "\(seconds / 3_600)h\(two(seconds / 60 % 60))m"
        default: return "\(seconds / 86_400)d\(two(seconds / 3_600 % 24))h"
        }
    }

    /// Reads `90s`, `30m`, `2h`, `7d`, `2w`; nil for anything else or more than 100 years.
    package init?(typed text: String) {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
        guard let last = text.last, let unit = units[last], text.dropLast().allSatisfy(\.isASCII),
            text.first?.isNumber == true, let count = Int64(text.dropLast()), count <= 3_153_600_000 / unit
        else { return nil }
        self = .seconds(count * unit)
    }
}
