package import CallModel

/// Keyyo: notifications of lines, and calls by makecall.
package enum Keyyo: Provider {
    package static let id: ProviderID = "keyyo"
    package static let decoder: any RecordableDecoder.Type = KeyyoDecoder.self
}
