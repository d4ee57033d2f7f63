/// What a scenario says about coming requests of one kind.
package struct OrangeScript: Sendable, Equatable {
    /// A word about a guest of a conference, from some time on.
    package struct Step: Sendable, Equatable {
        /// Milliseconds after the answer, before `--speed`.
        package let after: Int
        package let state: String

        init(after: Int, _ state: String) {
            self.after = after
            self.state = state
        }

        init(_ value: JSONValue) throws(ScenarioFault) {
            var fields = try FieldReader(value, in: "a step of \"states\"")
            after = try fields.whole("after", in: 0...86_400_000) ?? 0
            state = try fields.requiredText("state")
            try fields.refuseUnknown()
        }
    }

    package let verb: OrangeVerb
    /// Digits of the called number or of the guest; nil for every request.
    package let number: String?
    /// Requests it is for; nil until the simulator is reset.
    package let times: Int?
    let reply: OrangeReply
    /// Conference calls: what the notification address is told; nil for what the number says.
    let states: [Step]?
    /// More parameters of those notifications.
    let extra: [JSONMember]
    /// The history's word; nil for what happened.
    let state: String?

    init(_ value: JSONValue) throws(ScenarioFault) {
        var fields = try FieldReader(value, in: "\"orange\"")
        guard let verb = try fields.word("answer", of: OrangeVerb.self) else {
            throw ScenarioFault("\"orange\" needs \"answer\"")
        }
        self.verb = verb
        number = try fields.text("number")
        times = try fields.whole("times", in: 1...1_000_000)
        var reply = OrangeReply()
        reply.http = try fields.whole("http", in: 200...599) ?? 200
        reply.code = try fields.whole("code", in: 0...99_999) ?? 200
        reply.message = try fields.text("message") ?? (reply.code == 200 ? "OK" : "refused")
        reply.form = try fields.word("form", of: OrangeReply.Form.self) ?? .plain
        reply.charset = try fields.word("charset", of: TextCharset.self) ?? .utf8
        switch fields.value("id") {
        case nil: break
        case .null: reply.id = .absent
        case .string(let text): reply.id = .literal(text)
        case .some(let other): throw ScenarioFault("\"id\" of \"orange\" must be text or null, not \(other.kind)")
        }
        self.reply = reply
        var states: [Step]?
        if let items = try fields.items("states") {
            states = []
            for item in items { states?.append(try Step(item)) }
        }
        self.states = states
        extra = try fields.object("extra")
        state = try fields.text("state")
        try fields.refuseUnknown()
        guard verb == .conferenceCall || (states == nil && extra.isEmpty) else {
            throw ScenarioFault("\"states\" and \"extra\" belong to \"conferenceCall\"")
        }
        guard extra.allSatisfy({ $0.value.text != nil }) else { throw ScenarioFault("\"extra\" takes texts only") }
        guard verb == .getHistory || state == nil else { throw ScenarioFault("\"state\" belongs to \"getHistory\"") }
        let takesNumber: Set<OrangeVerb> = [.createCall, .conferenceCall, .sendSMS]
        guard number == nil || takesNumber.contains(verb) else {
            throw ScenarioFault("\"number\" belongs to createCall, conferenceCall and sendSMS")
        }
    }
}
