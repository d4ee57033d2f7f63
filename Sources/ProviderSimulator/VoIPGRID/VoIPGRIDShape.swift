/// The two printed forms of a call notification (help pages of the reseller Voys, 2019 and 2023).
package enum VoIPGRIDShape: String, Sendable, CaseIterable {
    /// Times in whole seconds, no `user_emails`, call ids as `58f1a078416b-1531150397.972`.
    case y2019 = "2019"
    /// Microseconds, `user_emails`, call ids with a long word in front.
    case y2023 = "2023"

    func callID(at now: WallTime) -> String {
        let end = "-\(now.decimalSeconds)"
        return switch self {
        case .y2019: RandomText.hexadecimal(12) + end
        case .y2023: "vgsim-telephony-node-\(RandomText.lowercase(8))\(end)"
        }
    }
}
