/// How a click-to-dial call goes, by name or by the last digits of its `b_number`.
///
/// Words: VoIPGRID wiki "Klik en bel"; `failed_*`, `confirm` and `blacklisted` are those of VoIPGRID's own clients.
package enum ClickToDialEnd: String, Sendable, CaseIterable {
    case answered
    case failedA = "failed_a"
    case failingA = "failing_a"
    case failedB = "failed_b"
    case failingB = "failing_b"
    case blacklisted
    case confirm
    case neverEnds = "never_ends"
    case unknownWord = "unknown_word"
    /// From nothing straight to `connected`.
    case jump
    /// No `status` field until the end.
    case noStatus = "no_status"
    /// A refuses, and nothing more is ever said.
    case silentA = "silent_a"
    /// `null` between `connected` and `disconnected`.
    case nullBetween = "null_between"

    /// `0639 98 01 NN` chooses the NN-th; any other number is answered.
    init(number: String) {
        let digits = number.suffix(8)
        guard digits.hasPrefix("399801"), let index = Int(digits.suffix(2)), Self.allCases.indices.contains(index)
        else {
            self = .answered
            return
        }
        self = Self.allCases[index]
    }

    package var steps: [VoIPGRIDStep] {
        switch self {
        case .answered: Self.usual([(5_000, "connected"), (12_000, "disconnected")])
        case .failedA, .failingA: Self.words([(0, ""), (700, "dialing_a"), (4_000, rawValue)])
        case .failedB, .failingB: Self.usual([(6_000, rawValue)])
        case .blacklisted: Self.words([(0, ""), (700, rawValue)])
        case .confirm:
            Self.words([
                (0, ""), (700, "dialing_a"), (2_000, "confirm"), (4_000, "dialing_b"), (6_000, "connected"),
                (12_000, "disconnected"),
            ])
        case .neverEnds: Self.usual([(5_000, "connected")])
        case .unknownWord: Self.usual([(3_500, "Unknown_Status"), (5_000, "connected"), (12_000, "disconnected")])
        case .jump: [VoIPGRIDStep(after: 0, .null)] + Self.words([(3_000, "connected"), (9_000, "disconnected")])
        case .noStatus: [VoIPGRIDStep(after: 0, .missing)] + Self.words([(6_000, "disconnected")])
        case .silentA: Self.words([(0, ""), (700, "dialing_a")])
        case .nullBetween:
            Self.usual([(5_000, "connected")]) + [VoIPGRIDStep(after: 8_000, .null)]
                + Self.words([(11_000, "disconnected")])
        }
    }

    private static func usual(_ rest: [(Int, String)]) -> [VoIPGRIDStep] {
        words([(0, ""), (700, "dialing_a"), (2_500, "dialing_b")] + rest)
    }

    private static func words(_ words: [(Int, String)]) -> [VoIPGRIDStep] {
        words.map { VoIPGRIDStep(after: $0.0, .word($0.1)) }
    }
}
