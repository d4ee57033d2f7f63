import BridgeConfiguration

extension Configuration {
    /// What differs from the configuration the daemon was started with and cannot be changed while it runs.
    func keysToRestartFor(since started: Configuration) -> [String] {
        var keys: [String] = []
        if started.webhooks?.listen != webhooks?.listen { keys.append("webhooks.listen") }
        if started.webhooks?.tls != webhooks?.tls { keys.append("webhooks.tls") }
        if started.api.socket != api.socket { keys.append("api.socket") }
        if started.api.socketMode != api.socketMode { keys.append("api.socket.mode") }
        if started.api.socketGroup != api.socketGroup { keys.append("api.socket.group") }
        if started.api.http?.listen != api.http?.listen { keys.append("api.http.listen") }
        if started.model != model { keys.append("model") }
        if started.stdout != stdout { keys.append("stdout") }
        return keys
    }
}
