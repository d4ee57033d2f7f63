package import CallModel
package import Providers
import Synchronization

/// Places and releases calls, holds conferences and sends texts by the Orange API. Every answer is kept before whoever
/// asked gets it, and nothing is asked twice.
package final class OrangePlacer: CallPlacer, CallController, ConferenceHost, MessageSender {
    private struct State {
        var ledger: OrangeLedger
        /// The last word of each message that is asked about.
        var words: [String: String] = [:]
        /// The last delivery that carries the ledger with it.
        var lastKept: Task<DeliveryReceipt?, Never>?
    }

    package let passesOn: Set<PlacementWish> = []

    private let source: SourceName
    private let monitor: SourceMonitor
    private let requests: OrangeRequests
    private let ownNumber: String?
    private let sender: String?
    private let notificationURL: Redacted<String>?
    private let scrubber: SecretScrubber
    private let surroundings: Surroundings
    private let state: Mutex<State>

    /// - Parameters:
    ///   - ownNumber: the phone that calls where an order names none.
    ///   - sender: the shortcode or number that texts come from where an order names none.
    ///   - notificationURL: our own hook of this source, without a query; nil: conferences are not notified.
    ///   - cursors: of an earlier run.
    package init(
        monitor: SourceMonitor, requests: OrangeRequests, ownNumber: String?, sender: String?,
        notificationURL: Redacted<String>?, scrubber: SecretScrubber, cursors: [PollCursor],
        surroundings: Surroundings
    ) {
        self.monitor = monitor
        source = monitor.source
        self.requests = requests
        self.ownNumber = ownNumber
        self.sender = sender
        self.notificationURL = notificationURL
        self.scrubber = scrubber
        self.surroundings = surroundings
        state = Mutex(State(ledger: OrangeLedger(cursors.first { $0.slot == OrangeLedger.slot }?.value ?? "")))
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

    package func createConference(
        _ order: ConferenceOrder
    ) async -> (result: PlacementResult, conference: String?) {
        if let key = order.key, let known = state.withLock({ $0.ledger.conference(for: key) }) {
            return (.accepted, known)
        }
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
        if answer.result == .accepted, let conference {
            await keep(delivery) { state in
                let ends = (wanted.start ?? now).advanced(by: .minutes(Int64(wanted.minutes)))
                state.ledger.add(conference: conference, ends: ends, key: order.key, now: now)
            }
        } else {
            await keep(delivery)
        }
        return (answer.result, answer.result == .accepted ? conference : nil)
    }

    package func addCallers(_ numbers: [String], to conference: String) async -> PlacementResult {
        let answer = await ask { () throws(OrangeRefusal) in try requests.addCallers(numbers, to: conference) }
        await keep(
            OrangeReports.order(
                "addCaller", answer.result, conference: conference, body: answer.body, source: source,
                observed: surroundings.now()))
        return answer.result
    }

    package func callGuest(_ order: PlacementOrder, into conference: String) async -> PlacedCall {
        let hook = notificationURL.map { url in
            Redacted("\(url.exposed)?\(OrangeReports.marker(of: order.call))")
        }
        let answer = await ask { () throws(OrangeRefusal) in
            try requests.callGuest(order.to, into: conference, notificationURL: hook)
        }
        let now = surroundings.now()
        let ends = state.withLock { $0.ledger.conferences[conference]?.ends }
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
            receipt = await keep(delivery) { state in
                state.ledger.add(
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
            let open = state.withLock { state in
                state.ledger.forgetMessages(before: now)
                state.words = state.words.filter { state.ledger.messages[$0.key] != nil }
                return state.ledger.messages.keys.sorted()
            }
            for message in open where !Task.isCancelled { _ = await messageHistory(message) }
        }
    }

    /// What the provider says now of a message; nil where it says nothing that can be read. Only a new word is kept.
    package func messageHistory(_ message: String) async -> MessageReport.Status? {
        guard let callID = state.withLock({ $0.ledger.messages[message]?.callID }),
            let request = requests.getHistory(callID)
        else { return nil }
        let answer = await ask { () throws(OrangeRefusal) in request }
        guard case .accepted = answer.result,
            let word = OrangeReply(answer.body).word(inElements: requests.history.elements)
        else { return nil }
        let status = requests.history.status(of: word)
        let isNew = state.withLock { $0.words.updateValue(word, forKey: message) != word }
        if isNew {
            let delivery = OrangeReports.history(
                of: message, callID: callID, body: answer.body, source: source, observed: surroundings.now())
            await keep(delivery) { state in
                if [.delivered, .opened, .failed].contains(status) { state.ledger.forget(message: message) }
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

    /// A key that is refused is told to operators; a number that is, to whoever asked.
    private func note(_ result: PlacementResult) async {
        switch result {
        case .accepted:
            await monitor.report(SourceReport(change: .up, reason: "the provider accepts our key"), slot: "key")
        case .refused(let status, let text, _) where status == 401 || status == 403:
            monitor.failed(text)
            let reason = "the provider refuses our access key: \(text)"
            await monitor.report(SourceReport(change: .down, reason: reason), slot: "key")
        default: break
        }
    }

    /// Nil where it is not durable: the daemon is stopping.
    @discardableResult
    private func keep(_ delivery: Delivery) async -> DeliveryReceipt? { await surroundings.keep(delivery) }

    /// The same with the ledger as `change` leaves it. One after the other, in the order of the changes: an older ledger
    /// that is stored last would be that of the next run.
    @discardableResult
    private func keep(_ delivery: Delivery, changing change: (inout State) -> Void) async -> DeliveryReceipt? {
        let kept = state.withLock { state in
            change(&state)
            let (cursor, before) = (state.ledger.cursor, state.lastKept)
            let kept = Task { [surroundings] in
                _ = await before?.value
                return await surroundings.keep(delivery, cursor: cursor)
            }
            state.lastKept = kept
            return kept
        }
        return await withTaskCancellationHandler {
            await kept.value
        } onCancel: {
            kept.cancel()
        }
    }

    /// With `+`, so that every reader knows it as an international number.
    private func shown(_ typed: String) -> String {
        requests.sent(typed).map { "+\($0)" } ?? typed
    }
}
