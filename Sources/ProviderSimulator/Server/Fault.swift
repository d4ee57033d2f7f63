/// Something that goes wrong at a provider on purpose.
package struct Fault: Sendable, Equatable {
    /// What goes wrong. The raw values are those of `kind` in a scenario.
    package enum Kind: String, Sendable, CaseIterable {
        /// Answers with the HTTP status `value`.
        case status
        /// Answers `value` milliseconds late.
        case delay
        /// Closes the connection without an answer; with `value` `"body"` after half of it.
        case cut
        /// Answers 200 with text that is not JSON.
        case garbage
        /// Forgets the OVH sessions at once; no request is needed.
        case sessionLoss = "session-loss"
        /// Never answers and keeps the connection open.
        case halfOpen = "half-open"
        /// Answers 200 with a body of `value` bytes.
        case huge
        /// Closes every connection of the provider whose request is unanswered, at once.
        case drop
    }

    /// Whether the request is still carried out. `after` makes the result of a request unknown to the client.
    package enum Moment: String, Sendable, CaseIterable {
        case before
        case after
    }

    package let provider: ProviderName
    /// Hits what the provider sends, not what it receives.
    package let isPush: Bool
    package let kind: Kind
    /// Its meaning is that of the kind; 0 where the kind has none.
    package let value: Int
    /// Of a cut: the connection is closed in the middle of the answer, and not before it.
    package let half: Bool
    package let moment: Moment
    /// Requests hit before the fault is over.
    package let count: Int
    package let body: String?
    /// Each takes the place of the answer's own header of that name.
    package let headers: [JSONMember]
    /// Only requests of this OVH token, Keyyo account or VoIPGRID call id; only pushes about this account.
    package let token: String?
    /// Only requests of this method; nil: of any.
    package let method: String?
    /// Only requests whose path contains this text.
    package let path: String?

    init(_ value: JSONValue) throws(ScenarioFault) {
        var fields = try FieldReader(value, in: "\"fault\"")
        guard let provider = try fields.word("provider", of: ProviderName.self) else {
            throw ScenarioFault("\"fault\" needs \"provider\"")
        }
        guard let kind = try fields.word("kind", of: Kind.self) else { throw ScenarioFault("\"fault\" needs \"kind\"") }
        self.provider = provider
        self.kind = kind
        half = fields.has("value") && kind == .cut
        switch kind {
        case .status: self.value = try fields.whole("value", in: 200...599) ?? 500
        case .delay: self.value = try fields.whole("value", in: 0...600_000) ?? 1_000
        case .huge: self.value = try fields.whole("value", in: 1...64_000_000) ?? 10_000_000
        case .cut:
            self.value = 0
            if let word = try fields.text("value"), word != "body" {
                throw ScenarioFault("\"value\" of a cut is \"body\" or left out")
            }
        case .garbage, .sessionLoss, .halfOpen, .drop:
            self.value = 0
            if fields.has("value") { throw ScenarioFault("\"\(kind.rawValue)\" takes no \"value\"") }
        }
        isPush = try fields.flag("push") ?? (provider == .sfrDMC)
        if kind == .sessionLoss, provider != .ovh { throw ScenarioFault("only \"ovh\" has sessions to lose") }
        switch (provider, isPush, kind) {
        case (.sfrDMC, false, _): throw ScenarioFault("\"sfr-dmc\" receives nothing: leave \"push\" out")
        case (.ovh, true, _): throw ScenarioFault("\"ovh\" sends nothing by itself: leave \"push\" out")
        case (_, true, .status), (_, true, .sessionLoss), (_, true, .drop):
            throw ScenarioFault("a push can have a delay, cut, garbage, half-open or huge, not \"\(kind.rawValue)\"")
        default: break
        }
        if isPush, fields.has("when") || fields.has("headers") {
            throw ScenarioFault("\"when\" and \"headers\" make no sense with a push")
        }
        moment = try fields.word("when", of: Moment.self) ?? .before
        count = try fields.whole("count", in: 1...1_000_000) ?? 1
        body = try fields.text("body")
        headers = try fields.object("headers")
        guard headers.allSatisfy({ $0.value.text.map(Self.isHeaderText) == true && Self.isHeaderName($0.name) }) else {
            throw ScenarioFault("\"headers\" are names and texts of printable characters")
        }
        token = try fields.text("token")
        method = try fields.text("method")
        path = try fields.text("path")
        try fields.refuseUnknown()
    }

    /// Whether a request to this provider, or one of its own, is one that the fault is meant for.
    func concerns(_ provider: ProviderName, isPush: Bool, keys: Set<String>, method: String, path: String) -> Bool {
        guard provider == self.provider, isPush == self.isPush else { return false }
        if let token, !keys.contains(token) { return false }
        if let wanted = self.method, wanted != method { return false }
        if let part = self.path, !path.contains(part) { return false }
        return true
    }

    private static func isHeaderText(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    private static func isHeaderName(_ text: String) -> Bool {
        !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    }
}
