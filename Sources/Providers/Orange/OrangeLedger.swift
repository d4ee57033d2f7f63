package import CallModel

/// What has to be remembered between requests, also over a restart: until when conferences last, and which messages are
/// still asked about. A pure value; its text is kept as the source's cursor, with the delivery that changed it.
package struct OrangeLedger: Sendable, Hashable {
    /// There is one a source.
    package static let slot = "ledger"
    /// More than this of each, and the one that is over first is forgotten.
    package static let maximumEntries = 200

    /// A message whose arrival is still asked about (`getHistory`).
    package struct Message: Sendable, Hashable {
        /// The provider's name of it.
        package var callID: String
        package var askedUntil: Timestamp
    }

    /// When each is over.
    package private(set) var conferences: [String: Timestamp] = [:]
    /// By our ids of the messages.
    package private(set) var messages: [String: Message] = [:]

    /// - Parameter text: of an earlier run; what cannot be read of it is forgotten.
    package init(_ text: String = "") {
        for (name, value) in queryParameters(text) {
            let parts = value.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            guard let time = Int64(parts[0]).map(Timestamp.init(milliseconds:)) else { continue }
            let rest = parts.count > 1 ? String(parts[1]) : ""
            if name.hasPrefix("c ") {
                conferences[String(name.dropFirst(2))] = time
            } else if name.hasPrefix("m "), !rest.isEmpty {
                messages[String(name.dropFirst(2))] = Message(callID: rest, askedUntil: time)
            }
        }
    }

    /// As it is stored; `init(_:)` reads it.
    package var cursor: PollCursor {
        let lines =
            conferences.map { ("c \($0.key)", "\($0.value.milliseconds)") }
            + messages.map { ("m \($0.key)", "\($0.value.askedUntil.milliseconds) \($0.value.callID)") }
        let text = lines.map { "\(percentEncoded($0.0))=\(percentEncoded($0.1))" }.sorted().joined(separator: "&")
        return PollCursor(slot: Self.slot, value: text)
    }

    /// `ends` by the clock of the host. Conferences that are over are forgotten with it.
    package mutating func add(conference: String, ends: Timestamp, now: Timestamp) {
        conferences[conference] = ends
        conferences = conferences.filter { $0.value > now }
        while conferences.count > Self.maximumEntries,
            let first = conferences.min(by: { $0.value < $1.value })
        {
            conferences[first.key] = nil
        }
    }

    package mutating func add(message: String, callID: String, askedUntil: Timestamp, now: Timestamp) {
        messages[message] = Message(callID: callID, askedUntil: askedUntil)
        forgetMessages(before: now)
        while messages.count > Self.maximumEntries,
            let first = messages.min(by: { $0.value.askedUntil < $1.value.askedUntil })
        {
            messages[first.key] = nil
        }
    }

    package mutating func forget(message: String) { messages[message] = nil }

    package mutating func forgetMessages(before now: Timestamp) {
        messages = messages.filter { $0.value.askedUntil > now }
    }
}
