package import BridgeConfiguration
import CallModel
import Intake
package import Providers

/// SFR Business DMC reports to us, and nothing is asked of it.
extension SFRDMC: TelephonyProvider {
    package static func source(_ settings: SFRDMCSettings, _ context: SourceContext) -> RunningSource {
        let monitor = SourceMonitor(source: context.name, pollers: 1, surroundings: context.surroundings)
        let presence = context.presence(monitor)
        return RunningSource(
            monitor: monitor,
            decoder: SFRDMCDecoder(settings: .init(numbers: context.numbers, zone: settings.zone)),
            run: { await presence.announce() })
    }
}
