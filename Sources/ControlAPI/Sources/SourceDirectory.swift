/// Tells how the configured sources are. Implemented by the daemon; must be quick, it is called on the event loop.
package protocol SourceDirectory: Sendable {
    /// Every configured source, in the order of the configuration.
    func sources() -> [SourceStatus]
}
