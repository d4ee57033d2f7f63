internal import Synchronization

/// Keyyo's `makecall.html` (CTI guide 1.5, pages 4, 7, 15 and 16).
final class KeyyoDesk: Sendable {
    /// An accepted call and what its line will notify.
    struct Placed: Sendable {
        let account: String
        let caller: String
        let callee: String
        let plot: MakecallPlot
    }

    private let gate: DigestGate?
    private let busy: SimulatorConfiguration.BusyForm
    /// When each account did its last action. Bound: 10 000 accounts, then it is forgotten.
    private let latest = Mutex<[String: ContinuousClock.Instant]>([:])

    init(_ configuration: SimulatorConfiguration) {
        gate = configuration.keyyoPassword.map {
            DigestGate(algorithms: configuration.keyyoDigest, password: $0)
        }
        busy = configuration.keyyoBusy
    }

    /// The unauthenticated first request of Digest does not count against the one action a second.
    func makecall(_ request: Request, now: ContinuousClock.Instant) -> (response: Response, placed: Placed?) {
        let account = request.parameter("ACCOUNT")
        if let challenge = gate?.challenge(request, user: account) { return (challenge, nil) }
        guard let account, let own = Self.digits(account), own == account else {
            return (.text(200, "ACCOUNT missing or invalid"), nil)
        }
        guard let callee = request.parameter("CALLEE").flatMap(Self.digits) else {
            return (.text(200, "CALLEE missing or invalid"), nil)
        }
        guard isDue(account, now) else { return (comeBackLater, nil) }
        let plot = MakecallPlot(callee: callee)
        if plot == .errorText { return (.text(200, "CALLEE not allowed"), nil) }
        let response = Response.text(200, plot == .okWithLineBreak ? "OK\n" : "OK")
        // Calls that are recorded bring no notification (guide 1.5, page 7).
        let isSilent = request.parameter("RECORD") == "1" || plot == .silent
        let placed = Placed(
            account: account, caller: request.parameter("CALLER").flatMap(Self.digits) ?? account,
            callee: Self.international(callee), plot: isSilent ? .silent : plot)
        return (response, placed)
    }

    func reset() {
        latest.withLock { $0.removeAll() }
    }

    private func isDue(_ account: String, _ now: ContinuousClock.Instant) -> Bool {
        latest.withLock { latest in
            if let last = latest[account], now - last < .seconds(1) { return false }
            if latest.count >= 10_000 { latest.removeAll() }
            latest[account] = now
            return true
        }
    }

    /// `500 Come Back Later`: the guide does not say whether this is the status line or the body.
    private var comeBackLater: Response {
        switch busy {
        case .status:
            var response = Response(500)
            response.reason = "Come Back Later"
            return response
        case .body: return .text(200, "500 Come Back Later")
        }
    }

    private static func digits(_ text: String) -> String? {
        let isNumber = (1...64).contains(text.count) && text.allSatisfy { $0.isASCII && $0.isNumber }
        return isNumber ? text : nil
    }

    /// Notifications carry international numbers without `+`; the guide's own sample dials a national one.
    private static func international(_ number: String) -> String {
        if number.hasPrefix("00") { return String(number.dropFirst(2)) }
        return number.count == 10 && number.hasPrefix("0") ? "33" + number.dropFirst() : number
    }
}
