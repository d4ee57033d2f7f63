/// The providers played here; also the first segment of their paths. SFR DMC has none: it only sends.
package enum ProviderName: String, Sendable, CaseIterable {
    case ovh
    case voipgrid
    case keyyo
    case sfrDMC = "sfr-dmc"
    case orange
}
