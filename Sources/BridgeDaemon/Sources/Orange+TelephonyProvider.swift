package import BridgeConfiguration
import CallModel
import Intake
package import Providers

/// The Orange API of 2010: calls, conferences and texts, for servers that speak it still.
extension Orange: TelephonyProvider {
    package static func source(_ settings: OrangeSettings, _ context: SourceContext) -> RunningSource {
        let monitor = SourceMonitor(source: context.name, pollers: 1, surroundings: context.surroundings)
        let requests = OrangeRequests(
            services: .init(
                call: settings.services.call.description, conference: settings.services.conference.description,
                messages: settings.services.sms.description),
            key: settings.accessKey, numbers: context.numbers, names: settings.names, charset: settings.charset,
            history: settings.history)
        let placer = OrangePlacer(
            monitor: monitor, requests: requests, ownNumber: settings.from, sender: settings.sender,
            notificationURL: context.hookURL, isPushed: !settings.secrets.isEmpty,
            scrubber: SecretScrubber(secrets: [settings.accessKey] + settings.secrets),
            memory: context.lasting("\(context.name)") { OrangeMemory(context.cursors) },
            surroundings: context.surroundings)
        let presence = settings.secrets.isEmpty ? nil : context.presence(monitor)
        return RunningSource(
            monitor: monitor,
            decoder: OrangeDecoder(
                settings: .init(
                    numbers: context.numbers, notifications: settings.notifications, history: settings.history,
                    duplicateWindow: settings.duplicateWindow)),
            placer: placer, callControl: placer,
            run: {
                await presence?.announce()
                await placer.run()
            })
    }
}
