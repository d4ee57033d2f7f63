/// One word of a call's status, from some time on.
package struct VoIPGRIDStep: Sendable, Equatable {
    /// The field may also be null or missing.
    package enum Status: Sendable, Equatable {
        case word(String)
        case null
        case missing
    }

    /// Milliseconds after the POST, before `--speed`.
    package let after: Int
    package let status: Status

    package init(after: Int, _ status: Status) {
        self.after = after
        self.status = status
    }

    init(_ value: JSONValue) throws(ScenarioFault) {
        var fields = try FieldReader(value, in: "a step of \"status\"")
        after = try fields.whole("after", in: 0...86_400_000) ?? 0
        switch fields.value("status") {
        case nil: status = .missing
        case .null: status = .null
        case .string(let word): status = .word(word)
        case .some(let other): throw ScenarioFault("\"status\" of a step must be text or null, not \(other.kind)")
        }
        try fields.refuseUnknown()
    }

    /// What a call notification says at this moment. A's own telephone is no call yet, and what never rang never ends.
    var event: String? {
        guard case .word(let word) = status else { return nil }
        return switch word {
        case "dialing_b": "ringing"
        case "connected": "in-progress"
        case "disconnected", "failed_a", "failing_a", "failed_b", "failing_b", "blacklisted": "ended"
        default: nil
        }
    }
}
