import BridgeConfiguration
import CallModel
import Intake
import Providers

extension RunningSource {
    init(
        voipgrid settings: VoIPGRIDSettings, _ configuration: SourceConfiguration, _ numbers: NumberPlan,
        _ context: SourceContext
    ) {
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
        let name = configuration.name
        let monitor = SourceMonitor(source: name, pollers: 1, surroundings: context.surroundings)
        let pair = Redacted("\(settings.username):\(secret.exposed)")
        let scrubber = SecretScrubber(secrets: [pair, secret], fields: VoIPGRIDRequests.secretFields)
        let requests = VoIPGRIDRequests(baseURL: settings.url.description, credentials: credentials)
        let board = context.board
        let follower = StatusFollower(
            monitor: monitor, requests: requests,
            polling: StatusPolling(
                interval: settings.pollInterval, connectedInterval: settings.connectedPollInterval),
            maximumAge: settings.maxAge, scrubber: scrubber, surroundings: context.surroundings,
            callState: { board.state(source: name, providerCall: $0) })
        let placer = VoIPGRIDPlacer(
            source: name, requests: requests, follower: follower, ownNumber: settings.aNumber,
            ownShownNumber: settings.aCLI, shownNumber: settings.bCLI, scrubber: scrubber,
            surroundings: context.surroundings)
        self.init(
            configuration: configuration, monitor: monitor, decoder: VoIPGRIDDecoder(numbers: numbers),
            placer: placer, clickToDial: placer,
            run: {
                // There is no list of running calls to ask for: the journal knows which ones are open.
                for callid in board.providerCalls(of: name) { follower.follow(callid) }
                await follower.run()
            })
    }
}
