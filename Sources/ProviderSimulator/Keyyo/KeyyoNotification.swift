/// A notification of a Keyyo line as a scenario describes it (CTI guide 1.5, pages 9 and 10).
package struct KeyyoNotification: Sendable, Equatable {
    package let account: String
    package let caller: String
    package let callee: String
    package let type: String
    /// Label; every run makes a fresh `_CALLREF_` and `_DREF_` of it.
    let call: String?
    /// Label of the call that this one picks up: its `_DREF_` becomes `_DREF_REPLACE_`.
    let replaces: String?
    /// Label; a fresh `_SESSION_ID_`.
    let session: String?
    let isACD: Bool
    let redirecting: String
    /// Values given word for word.
    let literal: [KeyyoKeyword: String]
    /// Keywords that stay in the URL as they are, as Keyyo leaves what it does not know.
    let unreplaced: [KeyyoKeyword]

    init(account: String, caller: String, callee: String, type: String, call: String) {
        self.account = account
        self.caller = caller
        self.callee = callee
        self.type = type
        self.call = call
        replaces = nil
        session = nil
        isACD = false
        redirecting = ""
        literal = [:]
        unreplaced = []
    }

    init(_ value: JSONValue) throws(ScenarioFault) {
        var fields = try FieldReader(value, in: "\"keyyo\"")
        account = try fields.requiredText("account")
        caller = try fields.requiredText("caller")
        callee = try fields.requiredText("callee")
        type = try fields.requiredText("type")
        call = try fields.text("call")
        replaces = try fields.text("replaces")
        session = try fields.text("session")
        isACD = try fields.flag("acd") ?? false
        redirecting = try fields.text("redirecting") ?? ""
        var literal: [KeyyoKeyword: String] = [:]
        literal[.callref] = try fields.text("callref")
        literal[.dref] = try fields.text("dref")
        literal[.drefReplace] = try fields.text("drefreplace")
        literal[.sessionID] = try fields.text("sessionid")
        literal[.tsms] = try fields.text("tsms")
        literal[.version] = try fields.text("version")
        self.literal = literal
        var unreplaced: [KeyyoKeyword] = []
        for word in try fields.texts("unreplaced") {
            guard let keyword = KeyyoKeyword(rawValue: word) else {
                throw ScenarioFault("\"unreplaced\" knows no keyword \"\(word)\"; write it as _CALLREF_")
            }
            unreplaced.append(keyword)
        }
        self.unreplaced = unreplaced
        try fields.refuseUnknown()
    }

    /// The value of every keyword. What does not apply is present and empty.
    func values(at now: WallTime, in run: ScenarioRun) -> [KeyyoKeyword: String] {
        let label = call ?? "\(account) \(caller) \(callee)"
        var values: [KeyyoKeyword: String] = [
            .account: account, .caller: caller, .callee: callee, .type: type, .version: "1",
            .callref: run.id("keyyo callref", label) { RandomText.hexadecimal(16) },
            .dref: Self.dref(label, in: run),
            .drefReplace: replaces.map { Self.dref($0, in: run) } ?? "",
            .sessionID: session.map { run.id("keyyo session", $0) { RandomText.hexadecimal(20) } } ?? "",
            .isACD: isACD ? "1" : "", .redirectingNumber: redirecting, .tsms: String(now.milliseconds),
        ]
        values.merge(literal) { _, given in given }
        for keyword in unreplaced { values[keyword] = nil }
        return values
    }

    /// 32 characters, the length of the guide's sample and limit.
    private static func dref(_ label: String, in run: ScenarioRun) -> String {
        run.id("keyyo dref", label) { RandomText.hexadecimal(32) }
    }
}
