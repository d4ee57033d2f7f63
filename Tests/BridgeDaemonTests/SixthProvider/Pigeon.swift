package import CallModel
package import Providers

/// Pigeon post: one pigeon for each state of a call.
package enum Pigeon: Provider {
    package static let id: ProviderID = "pigeon"
    package static let decoder: any RecordableDecoder.Type = PigeonDecoder.self
}
