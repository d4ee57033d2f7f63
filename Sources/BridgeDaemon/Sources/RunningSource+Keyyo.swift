import BridgeConfiguration
import CallModel
import Intake
import Providers

extension KeyyoParameters {
    fileprivate init(_ names: KeyyoParameterNames) {
        self.init(
            names: Dictionary(
                uniqueKeysWithValues: names.byKeyword.compactMap { keyword, name in
                    Keyword(rawValue: keyword).map { ($0, name) }
                }))
    }
}

extension RunningSource {
    init(
        keyyo settings: KeyyoSettings, _ configuration: SourceConfiguration, _ numbers: NumberPlan,
        _ context: SourceContext
    ) {
        let name = configuration.name
        let surroundings = context.surroundings
        let monitor = SourceMonitor(source: name, pollers: 1, surroundings: surroundings)
        let scrubber = SecretScrubber(secrets: settings.secrets + [settings.sipPassword].compactMap(\.self))
        let placer = KeyyoPlacer(
            source: name, account: settings.account,
            makecall: KeyyoMakecall(
                baseURL: settings.url.description, account: settings.account, password: settings.sipPassword),
            scrubber: scrubber, surroundings: surroundings)
        let presence = PushPresence(
            monitor: monitor, surroundings: surroundings, isKnown: !context.cursors.isEmpty,
            lastAlive: context.lastAlive)
        self.init(
            configuration: configuration, monitor: monitor,
            decoder: KeyyoDecoder(
                settings: .init(
                    numbers: numbers, account: settings.account, parameters: KeyyoParameters(settings.parameters),
                    duplicateWindow: settings.duplicateWindow)),
            route: WebhookRoute(
                source: name, methods: [.get], secrets: settings.secrets, allow: settings.allow.map(\.range)),
            placer: placer, run: { await presence.announce() })
    }
}
