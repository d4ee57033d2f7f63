package import CallModel

/// The Orange API of 2010: calls, conferences and texts.
package enum Orange: Provider {
    package static let id: ProviderID = "orange"
    package static let decoder: any RecordableDecoder.Type = OrangeDecoder.self
}
