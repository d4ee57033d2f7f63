/// One click-to-dial call at the provider; its status is read off a script and the time since its start.
struct VoIPGRIDCall: Identifiable, Sendable {
    let id: String
    let aNumber: String
    let bNumber: String
    let aCLI: String
    let bCLI: String
    let autoAnswer: Bool
    let steps: [VoIPGRIDStep]
    let isBare: Bool
    let notifies: Bool
    /// The id in call notifications, which has nothing to do with `id`.
    let notificationID: String
    let created: WallTime
    let start: ContinuousClock.Instant
    var isHungUp = false
    /// The last call notification.
    var notified: String?

    private static let final: Set<String> = [
        "disconnected", "failed_a", "failed_b", "failing_a", "failing_b", "blacklisted",
    ]

    func status(at now: ContinuousClock.Instant, speed: Double) -> VoIPGRIDStep.Status {
        let current = scripted(at: now, speed: speed)
        if isHungUp, !Self.isFinal(current) { return .word("disconnected") }
        return current
    }

    func isOver(at now: ContinuousClock.Instant, speed: Double) -> Bool {
        Self.isFinal(status(at: now, speed: speed))
    }

    /// The ten fields of the reply, in the order of VoIPGRID's own sample.
    func reply(at now: ContinuousClock.Instant, speed: Double, bare: Bool) -> JSONValue {
        var members =
            bare
            ? []
            : [
                JSONMember("a_cli", aCLI), JSONMember("a_number", aNumber),
                JSONMember("auto_answer", .bool(autoAnswer)),
                JSONMember("b_cli", bCLI), JSONMember("b_number", bNumber), JSONMember("callid", id),
                JSONMember("created", created.voipgridCreated), JSONMember("originating_ip", "127.0.0.1"),
                JSONMember("resource_uri", "/api/clicktodial/\(PercentText.encode(id))/"),
            ]
        switch status(at: now, speed: speed) {
        case .word(let word): members.append(JSONMember("status", word))
        case .null: members.append(JSONMember("status", .null))
        case .missing: break
        }
        return .object(members)
    }

    /// The notification of a moment of this call; nil if it comes too late, or for an end without a beginning.
    mutating func notification(_ event: String) -> VoIPGRIDNotification? {
        guard notifies, notified != "ended", event != "ended" || notified != nil else { return nil }
        notified = event
        return VoIPGRIDNotification(
            event: event, callID: notificationID,
            caller: VoIPGRIDParty(number: bCLI, account: Int(aNumber), userNumbers: [aNumber]),
            destination: VoIPGRIDParty(number: bNumber, isBare: true))
    }

    private func scripted(at now: ContinuousClock.Instant, speed: Double) -> VoIPGRIDStep.Status {
        let elapsed = (now - start) * speed
        return steps.last { .milliseconds($0.after) <= elapsed }?.status ?? .word("")
    }

    private static func isFinal(_ status: VoIPGRIDStep.Status) -> Bool {
        guard case .word(let word) = status else { return false }
        return final.contains(word)
    }
}
