/// What a token allows; `may:` in the configuration.
package enum Grant: String, Sendable, Hashable, CaseIterable {
    /// Every `GET`.
    case read
    /// Placing, following and ending calls.
    case dial
}
