package import CallModel

/// VoIPGRID: click-to-dial calls and call notifications.
package enum VoIPGRID: Provider {
    package static let id: ProviderID = "voipgrid"
    package static let decoder: any RecordableDecoder.Type = VoIPGRIDDecoder.self
}
