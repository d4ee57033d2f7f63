package import CallModel

/// A source that long-polls OVH telephony events.
package struct OVHSettings: Sendable, Hashable {
    /// Which of OVH's two interfaces for events is polled.
    package enum APIVersion: String, Sendable, CaseIterable {
        /// One poll loop for each token; the documented interface.
        case v1
        /// One session that is subscribed to every token.
        case v2
    }

    /// 1 to 100, no two alike. A token covers a line, an alias, a queue or a billing account.
    package let tokens: [Redacted<String>]
    package let api: APIVersion
    package let url: BaseURL
    /// How long one poll may take, reply included. OVH answers an empty poll after about a minute.
    package let pollTimeout: Span
    /// Whether registrations of telephones become `line.registered` events. Off by default: they flood.
    package let emitsRegistered: Bool
    /// The longest pause between two attempts after errors.
    package let maxBackoff: Span
}
