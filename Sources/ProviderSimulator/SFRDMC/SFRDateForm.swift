/// The four notations of a date in SFR's samples.
enum SFRDateForm: String, Sendable, CaseIterable {
    /// `2014-07-11 09:52:12`: French local time without a zone (guide 1.7).
    case bare
    /// `2018-10-19 11:48:38 CEST` (help page; guide 1.7 in the notif samples).
    case zone
    /// As `zone`, but `2018-10-19 12:03:21CEST` in the history (help page).
    case joined
    /// `2019-03-28T09:42:47Z` (pushes seen in 2019).
    case utc

    func text(_ time: WallTime, inHistory: Bool) -> String {
        let paris = ParisTime(time)
        let local = paris.local.text(separator: " ")
        switch self {
        case .bare: return local
        case .zone: return "\(local) \(paris.name)"
        case .joined: return inHistory ? local + paris.name : "\(local) \(paris.name)"
        case .utc: return CivilTime(seconds: time.seconds).text(separator: "T") + "Z"
        }
    }
}
