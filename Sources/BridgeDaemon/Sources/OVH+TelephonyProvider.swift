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
            digest(of: ["poll slot", settings.api.rawValue] + tokens.map(\.exposed), bytes: 6)
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
                memory: context.memory(ofPoller: slot, among: slots, losesWhatIsCut: settings.api == .v2))
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
                await context.settle(pollers, telling: monitor)
                await withDiscardingTaskGroup { group in
                    for poller in pollers { group.addTask { await poller.run() } }
                }
            })
    }
}
