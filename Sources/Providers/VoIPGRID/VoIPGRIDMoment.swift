import CallModel

/// The moments of a call at which VoIPGRID notifies (call notification pages of 2017, 2019 and 2023).
///
/// The pages show the words `created` and `ringing` only and name the other moments in prose, so every sensible
/// spelling of those is taken, in any case, with hyphen, underscore, blank or nothing between the words. This is the
/// one place to change once the words are known.
enum VoIPGRIDMoment: Sendable, Hashable {
    case created
    case ringing
    case inProgress
    case warmTransfer
    case coldTransfer
    case ended

    var isTransfer: Bool { self == .warmTransfer || self == .coldTransfer }

    init?(_ word: String) {
        switch Self.normalised(word) {
        case "created": self = .created
        case "ringing": self = .ringing
        case "inprogress": self = .inProgress
        case "warmtransfer", "warmtransferred": self = .warmTransfer
        case "coldtransfer", "coldtransferred": self = .coldTransfer
        case "ended": self = .ended
        default: return nil
        }
    }

    /// What the reason of an end means where our line called. No list of reasons is published: only words that leave
    /// no doubt count, every other one is passed on as the cause.
    static func outcome(of reason: String?) -> Outcome? {
        switch reason.map(normalised) {
        case "busy": .busy
        case "noanswer": .noAnswer
        case "rejected", "declined": .rejected
        case "cancelled", "canceled": .cancelled
        case "failed": .failed
        default: nil
        }
    }

    /// In lower case and without separators.
    private static func normalised(_ word: String) -> String {
        String(word.lowercased().unicodeScalars.filter { !["-", "_", " "].contains($0) })
    }
}
