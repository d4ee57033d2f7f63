package import CallModel

/// A provider by its word and what reads it. Each layer above adds, in an extension, what it has to know besides: the
/// daemon a running source.
///
/// Conformers have no cases and hold nothing. Which there are is said in `ShippedProviders`; how one is added, in
/// `docs/adding-a-provider.md`.
package protocol Provider: Sendable {
    /// The word behind `provider:` in the configuration and before the slash of a source's name.
    static var id: ProviderID { get }

    /// What makes facts of its deliveries, in the daemon and of a recording.
    static var decoder: any RecordableDecoder.Type { get }
}
