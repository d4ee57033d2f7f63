package import BridgeConfiguration
import CallModel
import Intake
package import Providers

/// Keyyo reports to us; makecall places calls.
extension Keyyo: TelephonyProvider {
    package static func source(_ settings: KeyyoSettings, _ context: SourceContext) -> RunningSource {
        let surroundings = context.surroundings
        let monitor = SourceMonitor(source: context.name, pollers: 1, surroundings: surroundings)
        let scrubber = SecretScrubber(secrets: settings.secrets + [settings.sipPassword].compactMap(\.self))
        let placer = KeyyoPlacer(
            monitor: monitor, account: settings.account,
            makecall: KeyyoMakecall(
                baseURL: settings.url.description, account: settings.account, password: settings.sipPassword),
            pace: context.lasting("keyyo account \(settings.account)") { KeyyoPace() }, scrubber: scrubber,
            surroundings: surroundings)
        let presence = context.presence(monitor)
        return RunningSource(
            monitor: monitor,
            decoder: KeyyoDecoder(
                settings: .init(
                    numbers: context.numbers, account: settings.account, parameters: settings.parameters,
                    duplicateWindow: settings.duplicateWindow)),
            placer: placer, run: { await presence.announce() })
    }
}
