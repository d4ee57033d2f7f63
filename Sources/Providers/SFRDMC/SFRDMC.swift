package import CallModel

/// SFR Business DMC: reports about calls and messages of campaigns.
package enum SFRDMC: Provider {
    package static let id: ProviderID = "sfr-dmc"
    package static let decoder: any RecordableDecoder.Type = SFRDMCDecoder.self
}
