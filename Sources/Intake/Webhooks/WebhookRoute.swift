package import CallModel
import Providers

/// One way into a push source, which may have several: who may deliver to `/hooks/<provider>/<name>/<secret>`, and how.
package struct WebhookRoute: Sendable, Hashable {
    package var source: SourceName
    /// Any other is answered `405`.
    package var methods: Set<HTTPRequest.Method>
    /// Any of them opens the route: two during a rotation. An empty one never does.
    package let secrets: [Redacted<String>]
    /// Where requests may come from; empty: anywhere.
    package var allow: [AddressRange]
    /// More is answered `413`, while it is still arriving.
    package var maximumBodyBytes: Int
    /// Secrets of the source that its provider may send back to us: taken out of what is kept, as are the route's own.
    package let hidden: [Redacted<String>]
    /// For both of them. Senders do repeat what they know: a text, a remark, a copied URL.
    let scrubber: SecretScrubber

    package init(
        source: SourceName, methods: Set<HTTPRequest.Method>, secrets: [Redacted<String>], allow: [AddressRange] = [],
        maximumBodyBytes: Int = 1 << 20, hidden: [Redacted<String>] = []
    ) {
        self.source = source
        self.methods = methods
        self.secrets = secrets
        self.allow = allow
        self.maximumBodyBytes = maximumBodyBytes
        self.hidden = hidden
        scrubber = SecretScrubber(secrets: hidden + secrets)
    }
}
