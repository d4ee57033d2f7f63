package import CallModel

/// One address at which a provider reports to a source: `/hooks/<provider>/<name>/<secret>`.
///
/// It is printed for the administrator to paste, and exactly what is printed is listened to.
package struct Hook: Sendable, Hashable {
    /// What the provider's form calls the URL; needed only where a source has several to tell apart.
    package let label: String?
    /// Any other is answered `405`.
    package let methods: Set<HTTPRequest.Method>
    /// The unguessable path segments that open it, the one to paste first. Hooks of one source that share a secret
    /// are one address: they must agree in methods and addresses, and be told apart by their queries.
    package let secrets: [Redacted<String>]
    /// Addresses that may send; empty: every address.
    package let allow: [AddressEntry]
    /// What to paste behind the `?`, with the words that the provider replaces; nil: no query.
    package let query: String?
    /// Other secrets of the source, which its provider may send back: taken out of what is kept, as are `secrets` then.
    package let hidden: [Redacted<String>]
    /// A longer body is refused. 1 MiB by default.
    package let maximumBodyBytes: Int

    package init(
        label: String? = nil, methods: Set<HTTPRequest.Method>, secrets: [Redacted<String>],
        allow: [AddressEntry] = [], query: String? = nil,
        hidden: [Redacted<String>] = [], maximumBodyBytes: Int = 1 << 20
    ) {
        self.label = label
        self.methods = methods
        self.secrets = secrets
        self.allow = allow
        self.query = query
        self.hidden = hidden
        self.maximumBodyBytes = maximumBodyBytes
    }
}
