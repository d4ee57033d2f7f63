package import BridgeConfiguration
import CallModel
import Intake
package import Providers

/// VoIPGRID places click-to-dial calls, which are then asked about until they are over.
extension VoIPGRID: TelephonyProvider {
    package static func source(_ settings: VoIPGRIDSettings, _ context: SourceContext) -> RunningSource {
        let credentials: VoIPGRIDRequests.Credentials
        let secret: Redacted<String>
        switch settings.credential {
        case .password(let password):
            credentials = .password(user: settings.username, password)
            secret = password
        case .apiToken(let token):
            credentials = .apiToken(user: settings.username, token)
            secret = token
        }
        let name = context.name
        let monitor = SourceMonitor(source: name, pollers: 1, surroundings: context.surroundings)
        let pair = Redacted("\(settings.username):\(secret.exposed)")
        let scrubber = SecretScrubber(secrets: [pair, secret], fields: VoIPGRIDRequests.secretFields)
        let requests = VoIPGRIDRequests(baseURL: settings.url.description, credentials: credentials)
        let follower = StatusFollower(
            monitor: monitor, requests: requests,
            polling: StatusPolling(
                interval: settings.pollInterval, connectedInterval: settings.connectedPollInterval),
            maximumAge: settings.maxAge, isPushed: !settings.secrets.isEmpty, scrubber: scrubber,
            surroundings: context.surroundings,
            callState: { context.state(ofCall: $0) })
        let placer = VoIPGRIDPlacer(
            source: name, requests: requests, follower: follower, ownNumber: settings.aNumber,
            ownShownNumber: settings.aCLI, shownNumber: settings.bCLI, scrubber: scrubber,
            surroundings: context.surroundings)
        let presence = settings.secrets.isEmpty ? nil : context.presence(monitor)
        return RunningSource(
            monitor: monitor, decoder: VoIPGRIDDecoder(numbers: context.numbers), placer: placer, callControl: placer,
            run: {
                // There is no list of running calls to ask for: the journal knows which ones are open.
                for callid in context.openCalls { follower.follow(callid) }
                await presence?.announce()
                await follower.run()
            })
    }
}
