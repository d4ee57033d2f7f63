import CallModel

/// Statuses of every other medium: texts, mails, faxes, notifications of telephones, and media yet unknown (pushCRA
/// help page; DMC guide 1.7, p. 136, for `notif`). Never a call, whatever the word.
extension SFRDMCDecoder {
    func message(_ status: Status) -> [Fact] {
        let medium = status.report.medium
        var facts: [Fact] = []
        if !Self.media.contains(medium) { facts.append(.unparsed("unknown medium", medium, status.delivery)) }
        let subject = "m" + digest(of: ["message"] + status.subject, bytes: 10)
        var report: MessageReport
        if status.type == "ANSWERED" {
            let id = status.factID("")
            report = MessageReport(
                message: "m" + digest(of: ["reply", id.rawValue], bytes: 10), medium: medium,
                kind: .received(text: status.info, keyword: nil, replyTo: subject))
        } else {
            let state = Self.states[status.type]
            if state == nil {
                facts.append(.unparsed("unknown status", "\(medium) \(status.entry.word)", status.delivery))
            }
            report = MessageReport(message: subject, medium: medium, kind: .status(state ?? .unknown))
            if state == .failed { report.cause = status.cause }
        }
        report.remote = remote(status)
        report.reference = status.reference
        report.campaign = status.campaign
        report.size = count(status, "size")
        report.pages = count(status, "page")
        report.duration = status.duration
        facts.append(status.fact(.message(report), id: status.factID("")))
        return facts
    }

    private static let media: Set<String> = ["sms", "mms", "mail", "fax", "notif"]

    private static let states: [String: MessageReport.Status] = [
        "SUBMITTED": .accepted,
        "CONVERTED": .converted,
        "SENT": .sent,
        "RECEIVED": .delivered,
        "CLICK": .opened,
        "ERROR": .failed,
        "ABORTED": .failed,
    ]

    /// Bytes or pages, of which nobody sends 2^53.
    private func count(_ status: Status, _ name: String) -> Int64? {
        (status.entry.fields[name] ?? status.report.fields[name]).flatMap(Int64.init)
            .flatMap { (0...1 << 40).contains($0) ? $0 : nil }
    }
}
