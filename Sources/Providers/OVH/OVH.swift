package import CallModel

/// OVH telephony: events by long polling.
package enum OVH: Provider {
    package static let id: ProviderID = "ovh"
    package static let decoder: any RecordableDecoder.Type = OVHDecoder.self
}
