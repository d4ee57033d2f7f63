extension WebhookSettings.TLSFiles {
    /// Reads certificate and key as a listener would, and throws what would keep it from starting. Blocks.
    package func check() throws(WebhookListenerError) {
        _ = try WebhookTLS.context(self)
    }
}
