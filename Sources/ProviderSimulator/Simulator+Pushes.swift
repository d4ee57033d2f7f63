internal import Logging
internal import NIOCore
internal import NIOPosix

/// What the simulator sends by itself.
extension Simulator {
    /// Sends it now, once, unless a fault wants otherwise.
    func send(_ push: Push) {
        let fault = faults.take(
            push.provider, isPush: true, keys: [push.account], method: push.method.rawValue, path: push.path)
        guard let fault else { return transmit(push, .whole) }
        logger.info(
            "fault on a push:",
            metadata: ["event": "\(fault.kind.rawValue)", "provider": "\(push.provider.rawValue)"])
        switch fault.kind {
        case .delay:
            _ = group.next().scheduleTask(in: .milliseconds(Int64(fault.value))) { self.transmit(push, .whole) }
        case .cut: transmit(push, .half)
        case .halfOpen: transmit(push, .stalled)
        case .garbage: transmit(push.damaged(fault.body), .whole)
        case .huge: transmit(push.swollen(to: fault.value), .whole)
        case .status, .sessionLoss, .drop: transmit(push, .whole)
        }
    }

    /// Tells that a push has nowhere to go.
    func notSent(_ provider: ProviderName, _ type: String, lacking option: String) {
        logger.info(
            "not sent, no target:",
            metadata: ["event": "\(type)", "provider": "\(provider.rawValue)", "option": "\(option)"])
    }

    private func transmit(_ push: Push, _ extent: PushSender.Extent) {
        let number = requests.sent(
            LoggedNotification(
                time: .now, provider: push.provider, account: push.account, type: push.type,
                method: push.method.rawValue, target: push.path,
                body: String(decoding: push.body.prefix(4_096), as: UTF8.self)))
        let about: Logger.Metadata = [
            "event": "\(push.type)", "provider": "\(push.provider.rawValue)", "about": "\(masked(push.account))",
        ]
        PushSender(group: group).send(push, extent) { [requests, logger] status, problem in
            requests.answered(number, status: status, problem: problem)
            let answer = status.map(String.init) ?? problem ?? "none"
            logger.info("sent:", metadata: about.merging(["answer": "\(answer)"], uniquingKeysWith: { $1 }))
        }
    }

    func notify(_ notification: KeyyoNotification, in run: ScenarioRun) {
        let targets = configuration.keyyoTargets
        let target =
            targets.last { $0.account == notification.account } ?? targets.last { $0.account == nil }
        guard let target else { return notSent(.keyyo, notification.type, lacking: "--keyyo-target") }
        let path = target.filled(with: notification.values(at: .now, in: run))
        send(
            Push(
                provider: .keyyo, account: notification.account, type: notification.type,
                target: PushTarget(account: nil, address: target.url.address, path: path), method: .get,
                userAgent: "Keyyo"))
    }

    /// One report of SFR DMC, as often as its line says.
    func report(_ document: SFRDocument, in run: ScenarioRun) {
        let username = document.username ?? SFRDocument.usualUsername
        let wire = document.wire(username: username, usual: configuration.sfrFormat, now: .now, in: run)
        guard let target = configuration.sfrTargets.target(for: username) else {
            return notSent(.sfrDMC, document.summary, lacking: "--sfr-dmc-target")
        }
        let push = Push(
            provider: .sfrDMC, account: username, type: document.summary, target: target, method: .post,
            userAgent: "DMC", contentType: wire.contentType, body: wire.bytes)
        for _ in 0..<document.times { send(push) }
    }

    /// A call notification of VoIPGRID, to the configured targets and to those that were registered.
    func notify(_ notification: VoIPGRIDNotification, in run: ScenarioRun) {
        let targets = configuration.voipgridTargets + subscriptions.targets
        guard !targets.isEmpty else { return notSent(.voipgrid, notification.event, lacking: "--voipgrid-target") }
        let body = notification.body(usual: configuration.voipgridShape, now: .now, in: run).json
        for target in targets {
            for _ in 0..<notification.times {
                send(
                    Push(
                        provider: .voipgrid, account: notification.destination.number ?? "", type: notification.event,
                        target: target, method: .post, userAgent: "VoIPGRID", contentType: "application/json",
                        body: Array(body.utf8)))
            }
        }
    }

    /// A text message that a telephone sends to one of Orange's short numbers.
    func receive(_ message: OrangeMessage) {
        guard let target = configuration.orangeTargets.last else {
            return notSent(.orange, message.summary, lacking: "--orange-target")
        }
        let push = Push(
            provider: .orange, account: message.from ?? "", type: message.summary, target: target, method: .get,
            userAgent: "Orange API", query: message.query)
        for _ in 0..<message.times { send(push) }
    }

    /// A word about a guest of a conference.
    func notify(_ notice: OrangeNotice) {
        let names = configuration.orangeNoticeNames
        let isGet = configuration.orangeNoticeMethod == .get
        let form = notice.form(names)
        send(
            Push(
                provider: .orange, account: notice.number, type: notice.state, target: notice.target,
                method: isGet ? .get : .post, userAgent: "Orange API", query: isGet ? form : "",
                contentType: isGet ? nil : "application/x-www-form-urlencoded", body: isGet ? [] : Array(form.utf8)))
    }
}
