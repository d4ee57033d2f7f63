/// What a token allows; `may:` in the configuration.
package enum Grant: String, Sendable, Hashable, CaseIterable {
    /// Every `GET`, without the raw input of calls and without the raw deliveries.
    case read
    /// Placing, following and ending calls.
    case dial
    /// What the providers sent, as they sent it: everything they know about everybody who called.
    case raw
}
