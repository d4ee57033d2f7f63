import CallModel

/// A voice result of DMC, `CRA_VOCAL_…`, that explains why a call did not come to be (DMC guide 1.7, section 5.4.3).
struct SFRDMCVoiceResult: Sendable, Hashable {
    /// Without the prefix.
    let word: String
    /// As it was found.
    let raw: String
    let outcome: Outcome
    let side: Cause.Side

    private static let prefix = "CRA_VOCAL_"

    private static let outcomes: [String: (Outcome, Cause.Side)] = [
        "BUSY": (.busy, .remote),
        "NOANSWER": (.noAnswer, .remote),
        "REJECTED": (.rejected, .remote),
        "BLACKLIST": (.blocked, .system),
        "ENDED": (.answered, .unknown),
        "BADNUMBER": (.failed, .network),
        "BADROUTE": (.failed, .network),
        "DATEEXPIRED": (.failed, .system),
        "ERROR": (.failed, .system),
        "NETWORK": (.failed, .network),
        "NOADDRESS": (.failed, .system),
        "NOLINE": (.failed, .system),
        "OPINVALID": (.failed, .system),
        "PRESSURE": (.failed, .system),
        "SAASNOCREDIT": (.failed, .system),
        "TEMPERROR": (.failed, .system),
        "TEXT": (.failed, .system),
        "TRANSFERERROR": (.failed, .system),
        "VOICEMAILERROR": (.failed, .system),
    ]

    /// A code that is a result, with or without its prefix.
    init?(inCode code: String?) {
        guard let code else { return nil }
        let upper = code.uppercased()
        self.init(word: upper.hasPrefix(Self.prefix) ? String(upper.dropFirst(Self.prefix.count)) : upper, raw: code)
    }

    /// The first result in a text, where only its prefix tells it from other words.
    init?(inText text: String?) {
        guard let text else { return nil }
        let words = text.uppercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) && $0 != "_" }
        for word in words where word.hasPrefix(Self.prefix) {
            if let found = Self(word: String(word.dropFirst(Self.prefix.count)), raw: String(word)) {
                self = found
                return
            }
        }
        return nil
    }

    /// `ESTABLISHED` and `SUBMITTED` are no ends and explain none.
    private init?(word: String, raw: String) {
        guard let (outcome, side) = Self.outcomes[word] else { return nil }
        self.word = word
        self.raw = raw
        self.outcome = outcome
        self.side = side
    }
}
