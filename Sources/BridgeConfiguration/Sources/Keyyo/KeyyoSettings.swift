package import CallModel
package import Providers

/// A source that is notified by Keyyo and places calls by makecall.
package struct KeyyoSettings: Sendable, Hashable {
    /// The line, international without `+`.
    package let account: String
    /// The unguessable path segments that are accepted, 1 to 4, the one to paste first.
    package let secrets: [Redacted<String>]
    /// Addresses that may send; empty: every address.
    package let allow: [AddressEntry]
    /// The names that the administrator gave Keyyo's values in the notification URL.
    package let parameters: KeyyoParameters
    /// For makecall by HTTP Digest; nil: Keyyo knows us by our address.
    package let sipPassword: Redacted<String>?
    /// Where makecall is.
    package let url: BaseURL
    /// Two notifications alike within this time are one, where neither carries an event time.
    package let duplicateWindow: Span
}
