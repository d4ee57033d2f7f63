package import CallModel
package import Providers

/// Places and releases calls, holds conferences and sends texts by the Orange API. Every answer is kept before whoever
/// asked gets it, and nothing is asked twice.
package final class OrangePlacer: CallPlacer, CallController, ConferenceHost, MessageSender {
    package let passesOn: Set<PlacementWish> = []

    private let source: SourceName
    private let monitor: SourceMonitor
    private let requests: OrangeRequests
    private let ownNumber: String?
    private let sender: String?
    private let notificationURL: Redacted<String>?
    private let isPushed: Bool
    private let scrubber: SecretScrubber
    private let surroundings: Surroundings
    private let memory: OrangeMemory

    /// - Parameters:
    ///   - ownNumber: the phone that calls where an order names none.
    ///   - sender: the shortcode or number that texts come from where an order names none.
    ///   - notificationURL: our own hook of this source, without a query; nil: conferences are not notified.
    ///   - isPushed: whether the source has a hook, so that more is heard of it than answers.
    ///   - memory: of the source, whose placers all have the same.
    package init(
        monitor: SourceMonitor, requests: OrangeRequests, ownNumber: String?, sender: String?,
        notificationURL: Redacted<String>?, isPushed: Bool, scrubber: SecretScrubber, memory: OrangeMemory,
        surroundings: Surroundings
    ) {
        self.monitor = monitor
        source = monitor.source
        self.requests = requests
        self.ownNumber = ownNumber
        self.sender = sender
        self.notificationURL = notificationURL
        self.isPushed = isPushed
        self.scrubber = scrubber
        self.surroundings = surroundings
        self.memory = memory
    }

    // MARK: - Calls

    package func origin(_ from: String?) -> String? { (from ?? ownNumber).map(shown) }

    package func place(_ order: PlacementOrder) async -> PlacedCall {
        let from = order.from ?? ownNumber
        let answer = await ask { () throws(OrangeRefusal) in
            guard let from else { throw OrangeRefusal("\"from\" is missing, and the source has no number of its own") }
            return try requests.createCall(from: from, to: order.to)
        }
        let receipt = await keep(
            OrangeReports.placement(
                answer.result, call: order.call, to: shown(order.to), from: origin(order.from), body: answer.body,
                source: source, observed: surroundings.now()))
        return PlacedCall(answer.result, receipt?.call ?? order.call, isDurable: receipt != nil)
    }

    /// Asks the provider to end a call. What it says is told in the stream, too, where it is a no.
    package func hangUp(_ callID: String) async -> HangUpResult {
        let request = requests.releaseCall(callID)
        let answer = await ask { () throws(OrangeRefusal) in request }
        let receipt = await keep(
            OrangeReports.release(
                callID, answer.result, body: answer.body, source: source, observed: surroundings.now()))
        return switch answer.result {
        case .accepted: receipt == nil ? .unknown(HangUpResult.notWritten) : .agreed
        case .comeBackLater: .refused(status: nil, text: "the provider asks to come back later")
        case .refused(let status, let text, _): .refused(status: status, text: text)
        case .unfit(let text): .refused(status: nil, text: text)
        case .unreachable(let text): .unreachable(text)
        case .unknown(let reason): .unknown(reason)
        }
    }

    // MARK: - Conferences

    package func createConference(_ order: ConferenceOrder) async -> PlacedCall {
        let wanted = order.conference
        var answer = await ask { () throws(OrangeRefusal) in try requests.createConference(wanted) }
        let conference = OrangeReply(answer.body).conferenceID
        if answer.result == .accepted, conference == nil {
            answer.result = .unknown("the reply names no conference")
        }
        let now = surroundings.now()
        let delivery = OrangeReports.order(
            "createConference", answer.result, conference: conference, body: answer.body, source: source,
            observed: now)
        guard answer.result == .accepted, let conference else {
            return PlacedCall(answer.result, order.claim, isDurable: await keep(delivery) != nil)
        }
        let ends = (wanted.start ?? now).advanced(by: .minutes(Int64(wanted.minutes)))
        let receipt = await keep(delivery) { $0.ledger.add(conference: conference, ends: ends, now: now) }
        return PlacedCall(.accepted, CallID(rawValue: conference), isDurable: receipt != nil)
    }

    package func addCallers(_ numbers: [String], to conference: String) async -> PlacementResult {
        let answer = await ask { () throws(OrangeRefusal) in try requests.addCallers(numbers, to: conference) }
        let receipt = await keep(
            OrangeReports.order(
                "addCaller", answer.result, conference: conference, body: answer.body, source: source,
                observed: surroundings.now()))
        return PlacedCall(answer.result, CallID(rawValue: conference), isDurable: receipt != nil).answer
    }

    package func callGuest(_ order: PlacementOrder, into conference: String) async -> PlacedCall {
        let hook = notificationURL.map { url in
            Redacted("\(url.exposed)?\(OrangeReports.marker(of: order.call))")
        }
        let answer = await ask { () throws(OrangeRefusal) in
            try requests.callGuest(order.to, into: conference, notificationURL: hook)
        }
        let now = surroundings.now()
        let ends = memory.contents.ledger.conferences[conference]
        let receipt = await keep(
            OrangeReports.placement(
                answer.result, call: order.call, to: shown(order.to), from: nil,
                seat: .init(conference: conference, remaining: ends?.since(now)), body: answer.body, source: source,
                observed: now))
        return PlacedCall(answer.result, receipt?.call ?? order.call, isDurable: receipt != nil)
    }

    // MARK: - Messages

    package func sendMessage(_ order: MessageOrder) async -> PlacedCall {
        let from = order.from ?? sender
        let answer = await ask { () throws(OrangeRefusal) in
            try requests.sendSMS(to: order.to, text: order.text, from: from)
        }
        let now = surroundings.now()
        let id = CallID(rawValue: order.message)
        let delivery = OrangeReports.placement(
            answer.result, call: id, to: shown(order.to), from: from, body: answer.body, source: source, observed: now)
        let receipt: DeliveryReceipt?
        if answer.result == .accepted, requests.history.url != nil, let callID = OrangeReply(answer.body).callID {
            receipt = await keep(delivery) { [requests] contents in
                contents.ledger.add(
                    message: order.message, callID: callID,
                    askedUntil: now.advanced(by: requests.history.maximumAge), now: now)
            }
        } else {
            receipt = await keep(delivery)
        }
        return PlacedCall(answer.result, id, isDurable: receipt != nil)
    }

    /// Asks about every message that is still on its way, now and then, until cancelled. Does nothing where the
    /// provider's history is not configured.
    package func run() async {
        guard requests.history.url != nil else { return }
        while (try? await surroundings.sleep(requests.history.interval)) != nil {
            let now = surroundings.now()
            for message in memory.openMessages(now) where !Task.isCancelled { _ = await messageHistory(message) }
        }
    }

    /// What the provider says now of a message; nil where it says nothing that can be read. Only a new word is kept.
    package func messageHistory(_ message: String) async -> MessageReport.Status? {
        guard let callID = memory.contents.ledger.messages[message]?.callID,
            let request = requests.getHistory(callID)
        else { return nil }
        let answer = await ask { () throws(OrangeRefusal) in request }
        guard case .accepted = answer.result,
            let word = OrangeReply(answer.body).word(inElements: requests.history.elements)
        else { return nil }
        let status = requests.history.status(of: word)
        if memory.contents.words[message] != word {
            let delivery = OrangeReports.history(
                of: message, callID: callID, body: answer.body, source: source, observed: surroundings.now())
            await keep(delivery) { contents in
                contents.words[message] = word
                if [.delivered, .opened, .failed].contains(status) { contents.ledger.forget(message: message) }
            }
        }
        return status
    }

    // MARK: - Parts

    private struct Answer {
        var result: PlacementResult
        /// Without secrets; empty where there was no reply.
        var body: [UInt8] = []
    }

    private func ask(_ make: () throws(OrangeRefusal) -> HTTPRequest) async -> Answer {
        let request: HTTPRequest
        do throws(OrangeRefusal) { request = try make() } catch {
            return Answer(result: .unfit(error.description))
        }
        switch await surroundings.execute(request, scrubber: scrubber).result {
        case .success(let reply):
            let result = OrangeReply.result(of: reply).scrubbed(by: scrubber)
            await note(result)
            return Answer(result: result, body: reply.body)
        case .failure(let failure):
            monitor.failed(scrubber.scrub(failure.description))
            return Answer(result: PlacementResult(failure).scrubbed(by: scrubber))
        }
    }

    /// A key that is refused is told to operators; a number that is, to whoever asked. What is pushed goes on coming.
    private func note(_ result: PlacementResult) async {
        switch result {
        case .accepted:
            await monitor.report(SourceReport(change: .up, reason: "the provider accepts our key"), slot: "key")
        case .refused(let status, let text, _) where status == 401 || status == 403:
            monitor.failed(text)
            let reason = "the provider refuses our access key: \(text)"
            await monitor.report(SourceReport(change: isPushed ? .degraded : .down, reason: reason), slot: "key")
        default: break
        }
    }

    /// Nil where it is not durable: the daemon is stopping.
    @discardableResult
    private func keep(_ delivery: Delivery) async -> DeliveryReceipt? { await surroundings.keep(delivery) }

    /// The same with the ledger as `change` leaves it.
    @discardableResult
    private func keep(
        _ delivery: Delivery, changing change: @escaping @Sendable (inout OrangeMemory.Contents) -> Void
    ) async -> DeliveryReceipt? {
        await memory.keep(delivery, surroundings, changing: change)
    }

    /// With `+`, so that every reader knows it as an international number.
    private func shown(_ typed: String) -> String {
        requests.sent(typed).map { "+\($0)" } ?? typed
    }
}
