import CallModel
import ControlAPI
import EventJournal
import Intake
import Logging
import Providers

/// Conferences and texts, for sources whose placer has them.
extension CallDesk: OrderControl {
    func createConference(_ request: ConferenceRequest) async throws(CallControlError) -> String {
        let host = try conferenceHost(request.source)
        try check(request.numbers)
        guard let access = OrangeConference.Access(rawValue: request.access.rawValue) else { throw .cannotPlace }
        let order = ConferenceOrder(
            conference: OrangeConference(
                access: access, numbers: request.numbers, minutes: request.minutes, start: request.start),
            // One key for two different requests makes two conferences, which is what was asked for.
            key: request.idempotencyKey.map { "\($0)/\(request.fingerprint.prefix(16))" })
        let answer = await Task { await host.createConference(order) }.value
        try check(answer.result, CallID(rawValue: ""), request.source)
        guard let conference = answer.conference else { throw .unavailable }
        return conference
    }

    func addCallers(_ request: GuestsRequest) async throws(CallControlError) {
        let host = try conferenceHost(request.source)
        try check(request.numbers)
        let result = await Task { await host.addCallers(request.numbers, to: request.conference) }.value
        try check(result, CallID(rawValue: ""), request.source)
    }

    func callGuests(_ request: GuestsRequest) async throws(CallControlError) -> [GuestCall] {
        let host = try conferenceHost(request.source)
        try check(request.numbers)
        // All are claimed before the first phone rings, so that a repetition of the request finds all of them.
        var guests: [(call: GuestCall, isNew: Bool)] = []
        for (index, number) in request.numbers.enumerated() {
            let call = CallID(rawValue: "c" + Self.randomDigits())
            let key = request.idempotencyKey.map { "\($0)/guest-\(index)" }
            switch claim(key, request.fingerprint, call, request.source, to: number) {
            case .success(.new): guests.append((GuestCall(to: number, call: call), true))
            case .success(.known(let known, sameRequest: true, let answer)):
                var guest = GuestCall(to: number, call: known)
                do throws(CallControlError) { try repeated(known, answer) } catch { guest.error = error }
                guests.append((guest, false))
            case .success(.known(_, sameRequest: false, _)): throw .idempotencyConflict
            case .failure: throw .unavailable
            }
        }
        let wanted = guests
        return await Task {
            await withTaskGroup(of: (Int, GuestCall).self) { group in
                for (index, guest) in wanted.enumerated() where guest.isNew {
                    group.addTask {
                        let order = PlacementOrder(call: guest.call.call, to: guest.call.to)
                        let placed = await host.callGuest(order, into: request.conference)
                        settle(order.call, placed)
                        var call = guest.call
                        call.call = placed.call
                        do throws(CallControlError) {
                            try check(placed.result, call.call, request.source)
                        } catch {
                            call.error = error
                        }
                        return (index, call)
                    }
                }
                var calls = wanted.map(\.call)
                for await (index, call) in group { calls[index] = call }
                return calls
            }
        }.value
    }

    func sendMessage(_ request: MessageRequest) async throws(CallControlError) -> String {
        guard let source = supervisor.source(request.source) else { throw .unknownSource }
        guard let sender = source.placer as? any MessageSender else { throw .cannotPlace }
        try check(request.to, "to")
        let id = CallID(rawValue: "m" + Self.randomDigits())
        switch claim(
            request.idempotencyKey, request.fingerprint, id, request.source, to: request.to, from: request.from)
        {
        case .success(.new): break
        case .success(.known(let known, sameRequest: true, let answer)): return try repeated(known, answer).rawValue
        case .success(.known(_, sameRequest: false, _)): throw .idempotencyConflict
        case .failure: throw .unavailable
        }
        let order = MessageOrder(message: id.rawValue, to: request.to, text: request.text, from: request.from)
        let result = await Task {
            let result = await sender.sendMessage(order)
            settle(id, PlacedCall(result, id))
            return result
        }.value
        try check(result, id, request.source)
        return id.rawValue
    }

    // MARK: - Parts

    private func conferenceHost(_ name: SourceName) throws(CallControlError) -> any ConferenceHost {
        guard let source = supervisor.source(name) else { throw .unknownSource }
        guard let host = source.placer as? any ConferenceHost else { throw .cannotPlace }
        return host
    }

    /// One number a text, or several with commas between them.
    private func check(_ numbers: [String]) throws(CallControlError) {
        for part in numbers.flatMap({ $0.split(separator: ",") }) { try check(String(part), "numbers") }
    }

    private func check(
        _ result: PlacementResult, _ id: CallID, _ source: SourceName
    ) throws(CallControlError) {
        switch result {
        case .accepted: return
        case .comeBackLater: throw .unavailable
        case .refused(let status, let text, _): throw .refused(status: status, text: text)
        case .unreachable(let text): throw .unreachable(text)
        case .unknown(let reason):
            logger.warning(
                "something may have been done; the provider's answer is not known",
                metadata: ["source": "\(source)", "id": "\(id)", "reason": "\(reason)"])
            throw .resultUnknown(call: id)
        }
    }
}
