import CallModel
import Logging
package import Providers
import Synchronization

/// Places calls by Keyyo's makecall: one a second and account, queued here because Keyyo does not queue. Whoever waits
/// here when orders may not be placed any more, or not through this source as it was, is sent away, and nothing of it
/// is told: no phone rings for somebody who was told that the call failed long ago.
package final class KeyyoPlacer: QueueingPlacer {
    /// More orders than this waiting are refused.
    package static let maximumWaiting = 100
    /// How often the same call is asked for again after "Come Back Later", an explicit and therefore safe refusal.
    package static let maximumAttempts = 30

    package let passesOn: Set<PlacementWish> = [.name]

    /// How often whoever waits looks whether orders may still be placed.
    private static let look = Span.milliseconds(200)

    private struct State {
        /// In the order of their turns. Only the first has one at the pacer: those that are sent away keep nobody
        /// waiting.
        var line: [CallID] = []
        var isRetired = false
    }

    private let source: SourceName
    private let monitor: SourceMonitor
    private let account: String
    private let makecall: KeyyoMakecall
    private let scrubber: SecretScrubber
    private let surroundings: Surroundings
    private let pace: KeyyoPace
    private let state = Mutex(State())

    package init(
        monitor: SourceMonitor, account: String, makecall: KeyyoMakecall, pace: KeyyoPace, scrubber: SecretScrubber,
        surroundings: Surroundings
    ) {
        self.monitor = monitor
        source = monitor.source
        self.account = account
        self.makecall = makecall
        self.pace = pace
        self.scrubber = scrubber
        self.surroundings = surroundings
    }

    package func origin(_ from: String?) -> String? { from ?? account }

    package func place(
        _ order: PlacementOrder, note: @Sendable (OrderStage) async -> Bool
    ) async -> PlacedCall {
        guard makecall.mayPlace(from: order.from) else {
            let text = "a call from another line needs a source of its own with that line's SIP password"
            return await keep(.unfit(text), order)
        }
        let isAdmitted = state.withLock { state in
            guard state.line.count < Self.maximumWaiting else { return false }
            state.line.append(order.call)
            return true
        }
        guard isAdmitted else {
            return await keep(.refused(status: nil, text: "too many calls wait for this line", isBarred: false), order)
        }
        let request = makecall.request(to: order.to, from: order.from, name: order.name)
        for attempt in 0..<Self.maximumAttempts {
            if attempt > 0 { state.withLock { $0.line.append(order.call) } }
            guard await isTurn(of: order.call, note) else {
                return PlacedCall(.comeBackLater, order.call, isDurable: false)
            }
            let (outcome, _) = await surroundings.execute(request, scrubber: scrubber)
            let result: PlacementResult
            switch outcome {
            case .success(let reply): result = KeyyoMakecall.result(of: reply).scrubbed(by: scrubber)
            case .failure(let failure): result = PlacementResult(failure)
            }
            if result != .comeBackLater {
                await self.note(result)
                return await keep(result, order)
            }
            surroundings.logger.debug("makecall asked to come back later", metadata: ["source": "\(source)"])
            _ = await note(.waiting)
        }
        return await keep(
            .refused(status: nil, text: "the provider kept asking to come back later", isBarred: false), order)
    }

    /// Waits until the order's turn has come and that is written down. False where orders may not be placed any more.
    private func isTurn(of call: CallID, _ note: (OrderStage) async -> Bool) async -> Bool {
        // First in the line until the provider is asked: nobody passes whom the disk keeps waiting.
        defer { state.withLock { state in state.line.removeAll { $0 == call } } }
        while state.withLock({ $0.line.first != call }) {
            guard await mayOrder(after: Self.look) else { return false }
        }
        guard await isPaced() else { return false }
        let began = surroundings.ticks()
        guard await note(.asking), mayOrder else { return false }
        // Meanwhile another source of the account may have had its turn.
        let isLate = surroundings.ticks().since(began) > Self.look
        return isLate ? await isPaced() : true
    }

    private func isPaced() async -> Bool {
        var left = pace.reserve(now: surroundings.ticks())
        while left > .milliseconds(0) {
            let pause = min(left, Self.look)
            guard await mayOrder(after: pause) else { return false }
            left = Span(milliseconds: left.milliseconds - pause.milliseconds)
        }
        return mayOrder
    }

    private var mayOrder: Bool { surroundings.mayOrder() && !state.withLock(\.isRetired) }

    private func mayOrder(after pause: Span) async -> Bool {
        guard mayOrder else { return false }
        return (try? await surroundings.sleep(pause)) != nil && mayOrder
    }

    package var isRetired: Bool { state.withLock(\.isRetired) }

    package func retire() { state.withLock { $0.isRetired = true } }

    /// Notifications go on whatever becomes of makecall: a line that may not place calls is degraded, not down.
    private func note(_ result: PlacementResult) async {
        switch result {
        case .accepted:
            await monitor.report(SourceReport(change: .up, reason: "makecall is accepted"), slot: "makecall")
        case .refused(let status, let text, _) where status == 401 || status == 403:
            monitor.failed(text)
            await monitor.report(SourceReport(change: .degraded, reason: "makecall: \(text)"), slot: "makecall")
        default: break
        }
    }

    private func keep(_ result: PlacementResult, _ order: PlacementOrder) async -> PlacedCall {
        let delivery = PlacementReports.delivery(
            result, call: order.call, to: order.to, from: origin(order.from), body: [], source: source,
            observed: surroundings.now())
        let receipt = await surroundings.keep(delivery)
        return PlacedCall(result, receipt?.call ?? order.call, isDurable: receipt != nil)
    }
}
