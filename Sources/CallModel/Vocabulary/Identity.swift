/// The provider a source belongs to, as written in the configuration: `ovh`, `voipgrid`, `keyyo`.
///
/// An open set: a new provider is a new folder and one line of registration, not a new case here.
package struct ProviderID: Hashable, Sendable, Codable, RawRepresentable, ExpressibleByStringLiteral {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
    package init(stringLiteral value: String) { rawValue = value }
}

/// One configured source: `ovh/paris`.
package struct SourceName: Hashable, Sendable, Codable, CustomStringConvertible {
    package let provider: ProviderID
    package let name: String

    package init(provider: ProviderID, name: String) {
        self.provider = provider
        self.name = name
    }

    /// Reads `provider/name`; nil where either part is missing.
    package init?(_ text: some StringProtocol) {
        guard let slash = text.firstIndex(of: "/"), slash != text.startIndex else { return nil }
        let name = text[text.index(after: slash)...]
        guard !name.isEmpty else { return nil }
        self.init(provider: ProviderID(rawValue: String(text[..<slash])), name: String(name))
    }

    package var description: String { "\(provider.rawValue)/\(name)" }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let name = SourceName(text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not a source"))
        }
        self = name
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// Names one call for as long as the journal lives. Opaque; made from the fact that opened the call.
package struct CallID: Hashable, Sendable, Codable, RawRepresentable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
    package var description: String { rawValue }
}

/// Names one thing a provider said: a digest of what the provider sent and of nothing else, so that a re-poll, a
/// redelivery or a replay gives the same id.
package struct FactID: Hashable, Sendable, Codable, RawRepresentable {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
}

/// Names one event of the stream. Consumers de-duplicate on it.
package struct EventID: Hashable, Sendable, Codable, RawRepresentable {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
}

/// What a provider calls a call: an id of one kind, scoped to one source. A call may have several.
package struct CallKey: Hashable, Sendable, Codable, RawRepresentable {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
}

/// A position in one journal: `epoch:seq`.
package struct Cursor: Hashable, Sendable, CustomStringConvertible {
    /// Names the journal. A journal that is created anew has another, so that no old cursor is taken for one of its
    /// own.
    package let epoch: String
    /// Counts from 1, without holes. As a cursor: the last event that is known, 0 before the first.
    package let seq: Int64

    package init(epoch: String, seq: Int64) {
        self.epoch = epoch
        self.seq = seq
    }

    /// Reads `epoch:seq`; nil where it is not of that form.
    package init?(_ text: some StringProtocol) {
        guard let colon = text.lastIndex(of: ":"), colon != text.startIndex,
            let seq = Int64(text[text.index(after: colon)...]), seq >= 0
        else { return nil }
        self.init(epoch: String(text[..<colon]), seq: seq)
    }

    package var description: String { "\(epoch):\(seq)" }
}
