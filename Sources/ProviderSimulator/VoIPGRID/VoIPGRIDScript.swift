/// What a scenario says about click-to-dial calls: how the next ones to a number go, or a call that somebody else
/// has placed.
package struct VoIPGRIDScript: Sendable, Equatable {
    /// Digits and `+`; nil for every number.
    package let number: String?
    /// The id of a call that starts now, without a POST.
    package let callID: String?
    package let steps: [VoIPGRIDStep]
    /// POSTs it is for; nil until the simulator is reset.
    package let times: Int?
    /// The status reply holds `status` alone.
    package let isBare: Bool
    /// Whether call notifications of these calls are sent; nil for what the configuration says.
    let notifies: Bool?

    init(_ value: JSONValue) throws(ScenarioFault) {
        var fields = try FieldReader(value, in: "\"voipgrid\"")
        number = try fields.text("b_number")
        callID = try fields.text("callid")
        let end = try fields.word("end", of: ClickToDialEnd.self)
        let items = try fields.items("status")
        times = try fields.whole("times", in: 1...1_000_000)
        isBare = try fields.flag("bare") ?? false
        notifies = try fields.flag("notifications")
        try fields.refuseUnknown()
        guard callID == nil || times == nil else { throw ScenarioFault("\"times\" makes no sense with \"callid\"") }
        switch (end, items) {
        case (let end?, nil): steps = end.steps
        case (nil, let items?):
            var steps: [VoIPGRIDStep] = []
            for item in items { steps.append(try VoIPGRIDStep(item)) }
            guard !steps.isEmpty, zip(steps, steps.dropFirst()).allSatisfy({ $0.after <= $1.after }) else {
                throw ScenarioFault("\"status\" of \"voipgrid\" needs steps whose \"after\" never goes back")
            }
            self.steps = steps
        default: throw ScenarioFault("\"voipgrid\" needs either \"end\" or \"status\"")
        }
    }
}
