/// The providers played here; also the first segment of their paths.
package enum ProviderName: String, Sendable, CaseIterable {
    case ovh
    case voipgrid
    case keyyo
}
