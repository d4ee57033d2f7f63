package import CallModel

/// A source that places click-to-dial calls at VoIPGRID and follows them by polling.
package struct VoIPGRIDSettings: Sendable, Hashable {
    /// How VoIPGRID knows us.
    package enum Credential: Sendable, Hashable {
        /// HTTP Basic.
        case password(Redacted<String>)
        /// `Authorization: Token <username>:<token>`.
        case apiToken(Redacted<String>)
    }

    /// A mail address as a rule; no colon.
    package let username: String
    package let credential: Credential
    package let url: BaseURL
    /// Pause between two status requests for a call that is being set up.
    package let pollInterval: Span
    /// The same for a call that is connected.
    package let connectedPollInterval: Span
    /// A call is asked about for at most this long.
    package let maxAge: Span
    /// Another telephone for our side of the call; needs a permission at VoIPGRID.
    package let aNumber: String?
    /// The number shown to the telephone on our side; nil: VoIPGRID chooses.
    package let aCLI: String?
    /// The number shown to the called party, or `default_number`.
    package let bCLI: String?
    /// The unguessable path segments at which call notifications are accepted; none: calls of others are not heard of.
    package let secrets: [Redacted<String>]
    /// Addresses that may send; empty: every address.
    package let allow: [AddressEntry]
}
