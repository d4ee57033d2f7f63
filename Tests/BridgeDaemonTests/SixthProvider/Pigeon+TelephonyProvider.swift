import BridgeConfiguration
package import BridgeDaemon
import CallModel
import Intake
import Providers

/// Pigeons report to us. They carry nothing back, so no call can be placed.
extension Pigeon: TelephonyProvider {
    package static func source(_ settings: PigeonSettings, _ context: SourceContext) -> RunningSource {
        let monitor = SourceMonitor(source: context.name, pollers: 1, surroundings: context.surroundings)
        let presence = context.presence(monitor)
        return RunningSource(
            monitor: monitor, decoder: PigeonDecoder(numbers: context.numbers, loft: settings.loft),
            run: { await presence.announce() })
    }
}
