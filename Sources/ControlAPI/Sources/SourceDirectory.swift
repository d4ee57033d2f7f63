/// Tells how the configured sources are. Implemented by the daemon; must be quick, and not block.
package protocol SourceDirectory: Sendable {
    /// Every configured source, in the order of the configuration.
    func sources() -> [SourceStatus]
}
