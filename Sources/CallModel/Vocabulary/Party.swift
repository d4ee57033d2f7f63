/// One side of a call.
package struct Party: Hashable, Sendable, Codable {
    /// E.164 with `+`; present only when certain.
    package var number: String?
    /// As the provider sent it.
    package var raw: String?
    package var kind: Kind
    package var name: String?
    /// The provider's name of our line, where this side is one of ours.
    package var line: String?

    package enum Kind: String, Sendable, Codable {
        case e164, national, short, `extension`, anonymous, voicemail, email, unknown
    }

    package init(
        number: String? = nil, raw: String? = nil, kind: Kind, name: String? = nil, line: String? = nil
    ) {
        self.number = number
        self.raw = raw
        self.kind = kind
        self.name = name
        self.line = line
    }

    /// Whether both name the same subscriber: by E.164 where both have it, else by the raw text.
    package func isSameSubscriber(as other: Party) -> Bool {
        if let number, let otherNumber = other.number { return number == otherNumber }
        guard let raw, let otherRaw = other.raw, !raw.isEmpty else { return false }
        return raw == otherRaw
    }

    /// Takes from `newer` what this party does not know yet, or knows less certainly.
    package mutating func merge(_ newer: Party) {
        if number == nil, newer.number != nil {
            number = newer.number
            raw = newer.raw
            kind = newer.kind
        } else if newer.raw != nil, raw == nil || (kind == .unknown && newer.kind != .unknown) {
            raw = newer.raw
            kind = newer.kind
        } else if raw == nil, kind == .unknown {
            kind = newer.kind
        }
        name = name ?? newer.name
        line = line ?? newer.line
    }
}

/// Hides the middle of a phone number: `+33639981234` becomes `+336******34`.
///
/// The first four and last two characters stay, so that an operator can tell two calls apart without being able to
/// ring anybody back. Texts of six characters or fewer are hidden whole.
package func maskedNumber(_ text: String) -> String {
    let characters = Array(text)
    guard characters.count > 6 else { return String(repeating: "*", count: characters.count) }
    return String(characters.prefix(4)) + String(repeating: "*", count: characters.count - 6)
        + String(characters.suffix(2))
}
