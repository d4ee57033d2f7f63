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

    package func place(_ order: PlacementOrder) async -> PlacedCall {
        let from = order.from ?? ownNumber
        let answer = await ask { () throws(OrangeRefusal) in
            guard let from else { throw OrangeRefusal("\"from\" is missing, and the source has no number of its own") }
            return try requests.createCall(from: from, to: order.to)
        }
        let call = await keep(
            OrangeReports.placement(
                answer.result, call: order.call, to: shown(order.to), from: from.map(shown), body: answer.body,
                source: source, observed: surroundings.now()))
        return PlacedCall(answer.result, call ?? order.call)
    }

    /// Asks the provider to end a call. What it says is told in the stream, too, where it is a no.
    package func hangUp(_ callID: String) async -> HangUpResult {
        let request = requests.releaseCall(callID)
        let answer = await ask { () throws(OrangeRefusal) in request }
        await keep(
            OrangeReports.release(
                callID, answer.result, body: answer.body, source: source, observed: surroundings.now()))
        return switch answer.result {
        case .accepted: .agreed
        case .comeBackLater: .refused(status: nil, text: "the provider asks to come back later")
        case .refused(let status, let text, _): .refused(status: status, text: text)
        case .unreachable(let text): .refused(status: nil, text: text)
        case .unknown(let reason): .refused(status: nil, text: "whether the call was released is not known: \(reason)")
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
        var cursor: PollCursor?
        if answer.result == .accepted, let conference {
            cursor = state.withLock { state in
                let ends = (wanted.start ?? now).advanced(by: .minutes(Int64(wanted.minutes)))
                state.ledger.add(conference: conference, ends: ends, key: order.key, now: now)
                return state.ledger.cursor
            }
        }
        await keep(
            OrangeReports.order(
                "createConference", answer.result, conference: conference, body: answer.body, source: source,
                observed: now),
            cursor)
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
        let call = await keep(
            OrangeReports.placement(
                answer.result, call: order.call, to: shown(order.to), from: nil,
                seat: .init(conference: conference, remaining: ends?.since(now)), body: answer.body, source: source,
                observed: now))
        return PlacedCall(answer.result, call ?? order.call)
    }

    // MARK: - Messages

    package func sendMessage(_ order: MessageOrder) async -> PlacementResult {
        let from = order.from ?? sender
        let answer = await ask { () throws(OrangeRefusal) in
            try requests.sendSMS(to: order.to, text: order.text, from: from)
        }
        let now = surroundings.now()
        var cursor: PollCursor?
        if answer.result == .accepted, requests.history.url != nil, let callID = OrangeReply(answer.body).callID {
            cursor = state.withLock { state in
                state.ledger.add(
                    message: order.message, callID: callID,
                    askedUntil: now.advanced(by: requests.history.maximumAge), now: now)
                return state.ledger.cursor
            }
        }
        await keep(
            OrangeReports.placement(
                answer.result, call: CallID(rawValue: order.message), to: shown(order.to), from: from,
                body: answer.body, source: source, observed: now),
            cursor)
        return answer.result
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
        let cursor = state.withLock { state -> PollCursor? in
            guard state.words.updateValue(word, forKey: message) != word else { return nil }
            if [.delivered, .opened, .failed].contains(status) { state.ledger.forget(message: message) }
            return state.ledger.cursor
        }
        if let cursor {
            await keep(
                OrangeReports.history(
                    of: message, callID: callID, body: answer.body, source: source, observed: surroundings.now()),
                cursor)
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
            return Answer(result: .refused(status: nil, text: error.description, isBarred: false))
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

    /// The call it is about, under the id by which it is known.
    @discardableResult
    private func keep(_ delivery: Delivery, _ cursor: PollCursor? = nil) async -> CallID? {
        await surroundings.keep(delivery, cursor: cursor)?.call
    }

    /// With `+`, so that every reader knows it as an international number.
    private func shown(_ typed: String) -> String {
        requests.sent(typed).map { "+\($0)" } ?? typed
    }
}
