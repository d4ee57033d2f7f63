/// Words that a delivery is made of and that are nobody's name. Should somebody be called so, or write no more than
/// such a word, a replacement would change what the delivery means and hide nothing.
enum ProtocolWords {
    static func contains(_ text: String) -> Bool { words.contains(text.lowercased()) || isTime(text) }

    /// States, media, directions and kinds as providers write them, then the names of their fields.
    private static let words: Set<String> = [
        "ok", "sip", "null", "true", "false", "yes", "no", "xml", "utf-8", "none", "success", "error", "unknown",
        "call", "sms", "mms", "mail", "fax", "notif", "queues", "webhook",
        "submitted", "converted", "sent", "received", "answered", "click", "established", "transfered", "transferred",
        "ended", "aborted", "created", "ringing", "in-progress", "in_progress", "initiated", "queued", "held",
        "setup", "connect", "release", "connected", "disconnected", "confirm", "blacklisted", "dialing_a", "dialing_b",
        "failed_a", "failed_b", "failing_a", "failing_b", "terminated", "cancel", "timeout", "human", "machine",
        "inbound", "outbound", "internal", "busy", "no_answer", "noanswer", "rejected", "cancelled", "failed",
        "name", "number", "status", "type", "caller", "callee", "destination", "direction", "reason", "timestamp",
        "event", "events", "data", "action", "service", "ressource", "account", "query", "code", "info", "date", "to",
        "from", "content", "text", "keyword", "agent", "count", "version", "call_id", "callid", "body", "targets",
    ]

    private static let zones: Set<Substring> = ["T", "Z", "CET", "CEST", "UTC", "GMT"]

    /// `2026-01-05T10:00:00+01:00`, `2018-10-19 11:48:38 CEST`.
    private static func isTime(_ text: String) -> Bool {
        let day = text.utf8.prefix(10)
        return day.count == 10
            && zip(day, "0000-00-00".utf8).allSatisfy { $1 == 0x2D ? $0 == 0x2D : (48...57).contains($0) }
            && text.split { !$0.isLetter }.allSatisfy { zones.contains($0) }
    }
}
