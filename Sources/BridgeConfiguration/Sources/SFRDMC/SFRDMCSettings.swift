package import CallModel
package import Providers

/// A source to which SFR Business DMC pushes its reports (pushCRA). Nothing is asked of it, so it has no credentials.
package struct SFRDMCSettings: Sendable, Hashable {
    /// The unguessable path segments that are accepted, 1 to 4, the one to paste first.
    package let secrets: [Redacted<String>]
    /// Addresses that may send; empty: every address.
    package let allow: [AddressEntry]
    /// Of times that come without a zone.
    package let zone: AssumedZone
}
