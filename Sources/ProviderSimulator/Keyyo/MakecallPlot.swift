/// How a call placed by makecall goes, chosen by the last digits of CALLEE: `0639 98 02 NN` is the NN-th.
enum MakecallPlot: Int, CaseIterable {
    case answered
    case notAnswered
    /// Refused with a text; the texts of Keyyo's errors are in no document.
    case errorText
    /// `OK` followed by a line break.
    case okWithLineBreak
    /// Accepted, and no notification follows.
    case silent
    /// Keyyo's voicemail answers: 22 digits in CALLEE of the CONNECT (guide 1.5, page 10).
    case voicemail
    case neverReleased

    init(callee: String) {
        let digits = callee.suffix(8)
        let index = digits.hasPrefix("399802") ? Int(digits.suffix(2)) ?? 0 : 0
        self = MakecallPlot(rawValue: index) ?? .answered
    }

    /// Types and times in milliseconds after the `OK`, before `--speed`.
    var notifications: [(after: Int64, type: String)] {
        switch self {
        case .answered, .okWithLineBreak, .voicemail: [(300, "SETUP"), (4_000, "CONNECT"), (12_000, "RELEASE")]
        case .notAnswered: [(300, "SETUP"), (9_000, "RELEASE")]
        case .neverReleased: [(300, "SETUP"), (4_000, "CONNECT")]
        case .errorText, .silent: []
        }
    }
}
