import CallModel

/// Statuses of the medium `call`, the only telephone calls (DMC guide 1.7, p. 134-136; voice results 5.4.3). Always
/// from the platform to a contact.
extension SFRDMCDecoder {
    func call(_ status: Status) -> [Fact] {
        var facts: [Fact] = []
        let step: CallFact.Step
        switch status.type {
        case "SUBMITTED", "SENT": step = .initiated
        case "ESTABLISHED": step = .connected(answeredBy(status))
        case "TRANSFERED": step = transferred(status)
        case "ENDED":
            // The transfer may be told beside the end alone.
            if status.entry.transferredTo != nil { facts.append(fact(transferred(status), status, "transfer")) }
            step = .ended(ended(status))
        case "ERROR", "ABORTED": step = .ended(failed(status))
        default:
            // ANSWERED is the reply to a text message and never an answered call.
            facts.append(.unparsed("unknown status", "call \(status.entry.word)", status.delivery))
            step = .remark
        }
        // A transfer first told without its target is told again with it.
        facts.append(fact(step, status, status.type == "TRANSFERED" ? status.entry.transferredTo ?? "" : ""))
        return facts
    }

    private func fact(_ step: CallFact.Step, _ status: Status, _ occurrence: String) -> Fact {
        let key = CallKey(status.delivery.source, "dmc", status.report.userName, status.id)
        var call = CallFact(
            reference: .keys([key]), step: step, direction: .outbound, remote: remote(status))
        call.senderReference = status.reference
        call.campaign = status.campaign
        if case .ended = step {
            call.answeredBy = answeredBy(status)
            call.talked = talked(status)
        }
        return status.fact(.call(call), id: status.factID(occurrence))
    }

    /// The contact goes on with somebody else.
    private func transferred(_ status: Status) -> CallFact.Step {
        let target = status.entry.transferredTo.map { settings.numbers.party($0, notation: .prefixed) }
        return .transferred(Transfer(kind: .unknown, to: target?.number ?? target?.raw), leavesUs: true)
    }

    // MARK: - Ends

    /// `ENDED` is the end of a call that was taken; by what, the platform's detection tells.
    private func ended(_ status: Status) -> CallFact.Ending {
        switch answeredBy(status) {
        case .fax: CallFact.Ending(outcome: .failed, cause: Cause(code: "fax", by: .remote, raw: "fax"))
        case .machine, .voicemail: CallFact.Ending(outcome: .voicemail)
        case .person, .unknown, nil: CallFact.Ending(outcome: .answered)
        }
    }

    /// Which field of a push holds the voice result is documented nowhere.
    private func failed(_ status: Status) -> CallFact.Ending {
        let result =
            SFRDMCVoiceResult(inCode: status.code) ?? SFRDMCVoiceResult(inText: status.code)
            ?? SFRDMCVoiceResult(inText: status.info)
        guard let result else { return CallFact.Ending(outcome: .failed, cause: status.cause) }
        return CallFact.Ending(
            outcome: result.outcome, cause: Cause(code: result.word.lowercased(), by: result.side, raw: result.raw))
    }

    /// `amd` is the platform's detection of an answering machine. `voicemail` overrules a person, not a machine or fax.
    private func answeredBy(_ status: Status) -> AnsweredBy? {
        let word = (status.entry.fields["amd"] ?? status.report.fields["amd"])?.lowercased()
        let isVoicemail = status.entry.scenario["voicemail"]?.lowercased() == "true"
        switch word {
        case "fax": return .fax
        case "machine": return .machine
        case _ where isVoicemail: return .voicemail
        case "human": return .person
        // Not said before the end: until then it may become known.
        case "unknown": return status.type == "ENDED" ? .unknown : nil
        default: return nil
        }
    }

    /// The provider's count, or how long its scenario ran. The scenario's own times are of another clock than the dates
    /// (40 minutes apart in the guide's sample), so only their difference is used.
    private func talked(_ status: Status) -> Span? {
        if let duration = status.duration { return duration }
        guard let start = status.entry.scenario["start"].flatMap(Int64.init),
            let end = status.entry.scenario["end"].flatMap(Int64.init),
            start > 0, end >= start, end - start <= Span.days(7).milliseconds
        else { return nil }
        return Span(milliseconds: end - start)
    }
}
