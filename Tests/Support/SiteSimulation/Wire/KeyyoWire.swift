import CallModel

/// The GET requests of Keyyo's server notifications, in the parameter names of its guide.
struct KeyyoWire {
    let skew: Int64
    let start: Timestamp
    /// What the customer's URL asks for.
    var naming: Naming
    var isTimed: Bool

    enum Naming: CaseIterable, Sendable {
        case callref, dref, both, none
    }

    struct Dialogue {
        var account: String
        var caller: String
        var callee: String
        var callref: String
        var dref: String
        var replaces = ""
        var session: String?
        var redirecting: String?
    }

    func notification(_ type: String, _ dialogue: Dialogue, at: Int64) -> Sent.Payload {
        var query = "account=\(keyyo(dialogue.account))&caller=\(keyyo(dialogue.caller))"
        query += "&callee=\(keyyo(dialogue.callee))&type=\(type)&version=1"
        if naming == .callref || naming == .both { query += "&callref=\(dialogue.callref)" }
        if naming == .dref || naming == .both { query += "&dref=\(dialogue.dref)&drefreplace=\(dialogue.replaces)" }
        if let session = dialogue.session { query += "&sessionid=\(session)&isacd=1" }
        if let redirecting = dialogue.redirecting { query += "&redirectingnumber=\(keyyo(redirecting))" }
        if isTimed { query += "&tsms=\(start.milliseconds + at + skew)" }
        return .whole(.webhook, body: "", attributes: ["query": query])
    }

    func identity(_ dialogue: Dialogue, line: String, remote: String) -> TrueCall.Identity {
        switch naming {
        case .callref, .both: .call(dialogue.callref, line: line)
        case .dref: .dialog(dialogue.dref, line: line)
        case .none: .parties(remote: remote, line: line)
        }
    }

    private func keyyo(_ number: String) -> String { number.hasPrefix("+") ? String(number.dropFirst()) : number }
}
