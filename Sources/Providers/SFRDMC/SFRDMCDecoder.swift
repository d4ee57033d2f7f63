package import CallModel

/// Reads the reports that SFR Business DMC pushes about calls and messages it placed (pushCRA; DMC developer guide 1.7,
/// section 5.4; help page of 2018): one POST each in XML or JSON, in no promised order, possibly repeated.
///
/// No body is refused: nothing would bring it back. What cannot be read becomes an `unparsed` fact.
package struct SFRDMCDecoder: DeliveryDecoder {
    /// What the configuration of a source says about reading it.
    package struct Settings: Sendable, Hashable {
        package var numbers: NumberPlan
        /// Of times without a zone, which the XML of 2014 has.
        package var zone: AssumedZone

        package init(numbers: NumberPlan, zone: AssumedZone = .paris) {
            self.numbers = numbers
            self.zone = zone
        }
    }

    /// A longer body is not read.
    package static let maximumBodyBytes = 4 << 20

    package let settings: Settings

    package init(settings: Settings) {
        self.settings = settings
    }

    package func decode(_ delivery: Delivery) -> DecodedDelivery {
        switch delivery.kind {
        case .health: HealthReports.decode(delivery)
        case .webhook: reports(delivery)
        case .poll, .status, .placement, .hangup: .unparsed("unexpected delivery", delivery.kind.rawValue, delivery)
        }
    }

    private func reports(_ delivery: Delivery) -> DecodedDelivery {
        let body = SFRDMCBody(delivery.body)
        var facts = body.faults.map { Fact.unparsed($0.kind, $0.detail, delivery) }
        for report in body.reports {
            guard let id = report.fields["call_id"] else {
                facts.append(.unparsed("report without a call_id", report.medium, delivery))
                continue
            }
            for entry in report.entries {
                let status = Status(
                    report: report, id: id, entry: entry, delivery: delivery,
                    isCharsetAssumed: body.isCharsetAssumed, settings)
                facts += report.medium == "call" ? call(status) : message(status)
            }
        }
        return DecodedDelivery(facts: facts)
    }

    /// Whom the report is about: a number, or for other media what stands in its place.
    func remote(_ status: Status) -> Party? {
        guard let to = status.report.fields["to"] else { return nil }
        return switch status.report.medium {
        case "mail": Party(raw: to, kind: .email)
        // A push token identifies a device, and may look like a number.
        case "notif": Party(raw: to, kind: .unknown)
        case _ where to.contains("@"): Party(raw: to, kind: .email)
        default: settings.numbers.party(to, notation: .prefixed)
        }
    }
}

extension SFRDMCDecoder {
    /// One status of one report, on its way to become a fact.
    struct Status {
        let report: SFRDMCReport
        /// Opaque; one id may name a fax and a call at once, hence it is scoped by medium everywhere.
        let id: String
        let entry: SFRDMCReport.Entry
        let delivery: Delivery
        let words: ProviderWords
        /// When it happened; nil where there is no readable date.
        let time: Timestamp?
        private let occurrence: String

        init(
            report: SFRDMCReport, id: String, entry: SFRDMCReport.Entry, delivery: Delivery, isCharsetAssumed: Bool,
            _ settings: Settings
        ) {
            self.report = report
            self.id = id
            self.entry = entry
            self.delivery = delivery
            let text = entry.fields["date"]
            let date = text.flatMap { SFRDMCDate($0, zone: settings.zone) }
            // One status may be dated in two notations: in the report and in its history.
            occurrence = date.map { "\($0.time)" } ?? text ?? ""
            time = date?.time
            var words = ProviderWords(event: entry.word, call: id)
            if isCharsetAssumed { words.notes.append(.charsetAssumed) }
            if date?.isZoneAssumed == true { words.notes.append(.zoneAssumed) }
            self.words = words
        }

        var type: String { entry.type }
        var info: String? { entry.fields["info"] }
        var code: String? { entry.fields["code"] }

        /// The call or message this is a status of.
        var subject: [String] { [delivery.source.description, report.userName, report.medium, id] }

        /// The sender's own, and the names under which the platform groups what it sends.
        var reference: String? { report.fields["ref_externe"] }
        var campaign: MessageReport.Campaign? {
            let fields = report.fields
            let campaign = MessageReport.Campaign(
                broadcast: fields["broadcast_id"], contact: fields["contact_id"], space: fields["space_id"])
            return campaign == MessageReport.Campaign() ? nil : campaign
        }

        /// Two replies to one message have one status and differ in text or time; a repetition differs in nothing. The
        /// number is no part of it: the provider's own example changes it within one message.
        func factID(_ more: String...) -> FactID {
            FactID(of: ["dmc"] + subject + [type, occurrence, info ?? ""] + more)
        }

        func fact(_ content: Fact.Content, id: FactID) -> Fact {
            Fact(
                id: id, source: delivery.source, observed: delivery.observed, time: time, words: words,
                content: content)
        }

        /// The provider's reason for an end that was none of its own.
        var cause: Cause {
            Cause(code: (code ?? type).lowercased(), by: .unknown, raw: info ?? code ?? entry.word)
        }

        /// Seconds, rounded up by the provider; nil where it is no number below a week.
        var duration: Span? {
            guard let text = entry.fields["time"], let seconds = Double(text), (0...604_800).contains(seconds) else {
                return nil
            }
            return Span(milliseconds: Int64((seconds * 1_000).rounded()))
        }
    }
}
