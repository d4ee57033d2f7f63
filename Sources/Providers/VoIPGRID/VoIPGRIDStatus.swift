package import CallModel

/// The words of a click-to-dial status that matter to whoever follows it (VoIPGRID wiki "Klik en bel"; words missing
/// there from public clients).
package enum VoIPGRIDStatus {
    /// Stands for the status in a delivery of ours that says that a call is followed no longer.
    package static let expired = "expired"

    /// The wiki says failing_, every client reads failed_. `connected` is not terminal.
    private static let terminal: Set<String> = [
        "disconnected", "failed_a", "failing_a", "failed_b", "failing_b", "blacklisted",
    ]

    /// Whether nothing more will be reported of the call. The reply to an id that is not known, or no longer, is an end
    /// too.
    package static func isEnd(_ reply: HTTPReply) -> Bool {
        if reply.status == 404 { return true }
        guard let word = JSONValue.read(reply.body)?.object?["status"]?.text else { return false }
        return terminal.contains(word.lowercased())
    }
}
