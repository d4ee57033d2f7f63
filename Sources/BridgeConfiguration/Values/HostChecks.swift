/// What only the machine knows of names and files in the configuration.
///
/// Asked while the file is read, so that such a mistake has its line too and `--check-config` and a reload find it
/// before anything is changed. Handed in, because neither groups nor TLS are this target's business.
package struct HostChecks: Sendable {
    /// Why a socket cannot be handed to the group of that name; nil where it can.
    package var group: @Sendable (_ name: String) -> String?
    /// Why a listener cannot speak TLS with these files; nil where it can.
    package var tls: @Sendable (WebhookConfiguration.TLSFiles) -> String?

    /// Asks the machine nothing.
    package static let none = HostChecks(group: { _ in nil }, tls: { _ in nil })

    package init(
        group: @escaping @Sendable (_ name: String) -> String?,
        tls: @escaping @Sendable (WebhookConfiguration.TLSFiles) -> String?
    ) {
        self.group = group
        self.tls = tls
    }
}
