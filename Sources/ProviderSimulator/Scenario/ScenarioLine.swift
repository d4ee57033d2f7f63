/// One thing a provider does, and when.
package struct ScenarioLine: Sendable, Equatable {
    /// Milliseconds from the start of the scenario, before `--speed`.
    package let at: Int
    package let action: ScenarioAction

    package init(at: Int = 0, _ action: ScenarioAction) {
        self.at = at
        self.action = action
    }

    /// Reads one line of JSON: `at` and exactly one action.
    init(_ text: String) throws(ScenarioFault) {
        let value: JSONValue
        do {
            value = try JSONReader.read(text)
        } catch {
            throw ScenarioFault("\(error.message) (column \(error.column))")
        }
        try self.init(value)
    }

    init(_ value: JSONValue) throws(ScenarioFault) {
        var fields = try FieldReader(value, in: "the line")
        at = try fields.whole("at", in: 0...86_400_000) ?? 0
        var actions: [ScenarioAction] = []
        if let ovh = fields.value("ovh") { actions.append(try Self.ovh(ovh)) }
        if let keyyo = fields.value("keyyo") { actions.append(.keyyo(try KeyyoNotification(keyyo))) }
        if let voipgrid = fields.value("voipgrid") { actions.append(try Self.voipgrid(voipgrid)) }
        if let sfr = fields.value("sfr-dmc") { actions.append(.sfr(try SFRDocument(sfr))) }
        if let orange = fields.value("orange") { actions.append(try Self.orange(orange)) }
        if let fault = fields.value("fault") { actions.append(.fault(try Fault(fault))) }
        if let note = try fields.text("note") { actions.append(.note(note)) }
        try fields.refuseUnknown()
        guard actions.count == 1, let action = actions.first else {
            throw ScenarioFault(
                "a line has \"at\" and exactly one of ovh, keyyo, voipgrid, sfr-dmc, orange, fault, note")
        }
        self.action = action
    }

    private static func ovh(_ value: JSONValue) throws(ScenarioFault) -> ScenarioAction {
        let fields = try FieldReader(value, in: "\"ovh\"")
        switch (fields.has("line"), fields.has("queue")) {
        case (true, false): return .ovhLine(try OVHLineEvent(value))
        case (false, true): return .ovhQueue(try OVHQueueEvent(value))
        default: throw ScenarioFault("\"ovh\" needs either \"line\" (a line's event) or \"queue\" (a queue's event)")
        }
    }

    private static func voipgrid(_ value: JSONValue) throws(ScenarioFault) -> ScenarioAction {
        let fields = try FieldReader(value, in: "\"voipgrid\"")
        return fields.has("event")
            ? .voipgridNotification(try VoIPGRIDNotification(value)) : .voipgrid(try VoIPGRIDScript(value))
    }

    private static func orange(_ value: JSONValue) throws(ScenarioFault) -> ScenarioAction {
        let fields = try FieldReader(value, in: "\"orange\"")
        return fields.has("answer") ? .orange(try OrangeScript(value)) : .orangeMessage(try OrangeMessage(value))
    }
}
