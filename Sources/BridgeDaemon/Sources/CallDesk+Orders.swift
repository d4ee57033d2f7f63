import CallModel
import ControlAPI
import EventJournal
import Intake
import Logging
import Providers

/// Conferences and texts, for sources whose placer has them.
extension CallDesk: OrderControl {
    /// Claims of conferences begin with it: they are no calls, and nothing is told of them after a crash.
    static let conferencePrefix = "conference-"

    func createConference(_ request: ConferenceRequest) async throws(CallControlError) -> String {
        try admit()
        if let known = try await known(request.idempotencyKey, request.fingerprint, request.source) {
            return known.rawValue
        }
        let host = try conferenceHost(request.source)
        try check(request.numbers)
        guard let access = OrangeConference.Access(rawValue: request.access.rawValue) else { throw .cannotPlace }
        let id = CallID(rawValue: Self.conferencePrefix + Self.randomDigits())
        let order = ConferenceOrder(
            claim: id,
            conference: OrangeConference(
                access: access, numbers: request.numbers, minutes: request.minutes, start: request.start))
        let claim = placementClaim(request.idempotencyKey, request.fingerprint, id, request.source, to: "")
        return try await once(claim) { await host.createConference(order) }.rawValue
    }

    func addCallers(_ request: GuestsRequest) async throws(CallControlError) {
        try admit()
        let host = try conferenceHost(request.source)
        try check(request.numbers)
        let result = await finish { await host.addCallers(request.numbers, to: request.conference) }
        guard let result else { throw .resultUnknown(call: CallID(rawValue: "")) }
        try check(result, CallID(rawValue: ""), request.source)
    }

    func callGuests(_ request: GuestsRequest) async throws(CallControlError) -> [GuestCall] {
        try admit()
        if let known = try await knownGuests(request) { return known }
        let host = try conferenceHost(request.source)
        try check(request.numbers)
        // All are claimed before the first phone rings, so that a repetition of the request finds all of them, and in
        // one transaction: no guest stays claimed whom nobody called.
        let claims = guestClaims(request)
        guard let verdicts = await claim(claims) else { throw .unavailable(obstacle() ?? .journal) }
        var guests: [(call: GuestCall, isNew: Bool)] = []
        for (claim, verdict) in zip(claims, verdicts) {
            switch verdict {
            case .new: guests.append((GuestCall(to: claim.to, call: claim.call), true))
            case .known(let known, sameRequest: true, let answer):
                guests.append((self.guest(claim.to, known, answer), false))
            case .known(_, sameRequest: false, _): throw .idempotencyConflict
            }
        }
        let wanted = guests
        let calls = await finish {
            await withTaskGroup(of: (Int, GuestCall).self) { group in
                for (index, guest) in wanted.enumerated() where guest.isNew {
                    group.addTask {
                        let order = PlacementOrder(call: guest.call.call, to: guest.call.to)
                        let placed = await host.callGuest(order, into: request.conference)
                        await self.settle(order.call, placed)
                        var call = guest.call
                        call.call = placed.call
                        do throws(CallControlError) {
                            try self.check(placed.answer, call.call, request.source)
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
        }
        return calls
            ?? wanted.map { guest in
                var call = guest.call
                if guest.isNew { call.error = .resultUnknown(call: call.call) }
                return call
            }
    }

    func sendMessage(_ request: MessageRequest) async throws(CallControlError) -> String {
        try admit()
        if let known = try await known(request.idempotencyKey, request.fingerprint, request.source) {
            return known.rawValue
        }
        guard let source = supervisor.source(request.source) else { throw .unknownSource }
        guard let sender = source.placer as? any MessageSender else { throw .cannotPlace }
        try check(request.to, "to")
        let id = CallID(rawValue: "m" + Self.randomDigits())
        let order = MessageOrder(message: id.rawValue, to: request.to, text: request.text, from: request.from)
        let claim = placementClaim(
            request.idempotencyKey, request.fingerprint, id, request.source, to: request.to, from: request.from)
        return try await once(claim) { await sender.sendMessage(order) }.rawValue
    }

    // MARK: - Parts

    static func guestKey(_ key: String, _ index: Int) -> String { "\(key)/guest-\(index)" }

    private func guestClaims(_ request: GuestsRequest) -> [PlacementClaim] {
        request.numbers.enumerated().map { index, number in
            let call = CallID(rawValue: "c" + Self.randomDigits())
            let key = request.idempotencyKey.map { Self.guestKey($0, index) }
            return placementClaim(key, request.fingerprint, call, request.source, to: number)
        }
    }

    /// What the same request was told before; nil where it has no key or its key is free.
    private func knownGuests(_ request: GuestsRequest) async throws(CallControlError) -> [GuestCall]? {
        guard request.idempotencyKey != nil else { return nil }
        let claims = guestClaims(request)
        var guests: [GuestCall] = []
        for (claim, verdict) in zip(claims, try await known(claims)) {
            switch verdict {
            case .known(let known, sameRequest: true, let answer): guests.append(guest(claim.to, known, answer))
            case .known(_, sameRequest: false, _): throw .idempotencyConflict
            case .new, nil: return nil
            }
        }
        return guests
    }

    private func guest(_ number: String, _ call: CallID, _ answer: PlacementAnswer?) -> GuestCall {
        var guest = GuestCall(to: number, call: call)
        do throws(CallControlError) { try repeated(call, answer) } catch { guest.error = error }
        return guest
    }

    private func conferenceHost(_ name: SourceName) throws(CallControlError) -> any ConferenceHost {
        guard let source = supervisor.source(name) else { throw .unknownSource }
        guard let host = source.placer as? any ConferenceHost else { throw .cannotPlace }
        return host
    }

    /// One number a text, or several with commas between them.
    private func check(_ numbers: [String]) throws(CallControlError) {
        for part in numbers.flatMap({ $0.split(separator: ",") }) { try check(String(part), "numbers") }
    }
}
