import BridgeConfiguration
import CallModel
import Intake
import Providers

/// One source at work: what reads it, what can be asked of it, and what runs for it.
struct RunningSource: Sendable {
    let configuration: SourceConfiguration
    let monitor: SourceMonitor
    let decoder: any DeliveryDecoder
    /// Where the provider reports to us, if it does.
    var route: WebhookRoute?
    var placer: (any CallPlacer)?
    /// Only for a provider whose calls can be followed and hung up.
    var clickToDial: VoIPGRIDPlacer?
    /// Works until cancelled.
    let run: @Sendable () async -> Void

    var name: SourceName { configuration.name }
}

/// What a source needs besides its own configuration.
struct SourceContext: Sendable {
    let surroundings: Surroundings
    let board: CallBoard
    /// Where the pollers of a source went on before.
    let cursors: [PollCursor]
    /// When an earlier run of the daemon was last alive.
    let lastAlive: Timestamp?
}

extension RunningSource {
    /// The registration point: here, and only here, a provider's settings become a running source.
    init(_ configuration: SourceConfiguration, _ context: SourceContext) {
        let numbers = NumberPlan(country: configuration.country)
        switch configuration.provider {
        case .ovh(let settings): self.init(ovh: settings, configuration, numbers, context)
        case .voipgrid(let settings): self.init(voipgrid: settings, configuration, numbers, context)
        case .keyyo(let settings): self.init(keyyo: settings, configuration, numbers, context)
        }
    }
}
