package import BridgeConfiguration
import CallModel
import Intake
package import Providers

/// OVH is long-polled.
extension OVH: TelephonyProvider {
    /// Version 1: one poll loop a token. Version 2: one session for all tokens.
    package static func source(_ settings: OVHSettings, _ context: SourceContext) -> RunningSource {
        let groups = settings.api == .v1 ? settings.tokens.map { [$0] } : [settings.tokens]
        let slots = groups.map { tokens in
            // Named after the tokens themselves, so that a list in another order finds its sessions again.
            digest(of: ["poll slot"] + tokens.map(\.exposed), bytes: 6)
        }
        let monitor = SourceMonitor(
            source: context.name, pollers: groups.count, surroundings: context.surroundings)
        let scrubber = SecretScrubber(secrets: settings.tokens, fields: OVHSession.secretFields)
        let pollers = zip(groups, slots).map { tokens, slot in
            let cursor = context.cursors.first { $0.slot == slot }
            let session = OVHSession(
                version: settings.api == .v1 ? .v1 : .v2, baseURL: settings.url.description, tokens: tokens,
                timeout: settings.pollTimeout, slot: slot, session: cursor?.value)
            let machine = PollStateMachine(
                backoff: Backoff(cap: settings.maxBackoff),
                gapAfter: Span(milliseconds: 2 * settings.pollTimeout.milliseconds),
                lastAlive: cursor == nil ? nil : context.lastHeard(slot: slot))
            return LongPoller(
                monitor: monitor, conversation: session, machine: machine, scrubber: scrubber,
                surroundings: context.surroundings)
        }
        return RunningSource(
            monitor: monitor,
            decoder: OVHDecoder(
                settings: .init(numbers: context.numbers, tellsRegistrations: settings.emitsRegistered)),
            isPolled: true,
            run: {
                if settings.api == .v2 { await tellNewSession(monitor, slot: slots[0], context) }
                await withDiscardingTaskGroup { group in
                    for poller in pollers { group.addTask { await poller.run() } }
                }
            })
    }

    /// Version 2 has one session for all tokens: where one was changed, nothing continues the session of those before.
    private static func tellNewSession(_ monitor: SourceMonitor, slot: String, _ context: SourceContext) async {
        guard let lastHeard = context.lastHeard, !context.cursors.isEmpty,
            !context.cursors.contains(where: { $0.slot == slot })
        else { return }
        await monitor.report(
            SourceReport(
                change: .gap, reason: "the tokens of this source were changed, which ends its session", from: lastHeard,
                to: context.surroundings.now()), slot: slot)
    }
}
