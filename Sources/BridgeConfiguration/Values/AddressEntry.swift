package import CallModel

/// An address or network with the text it was written as.
package struct AddressEntry: Sendable, Hashable {
    /// Shown in its place when the configuration is printed.
    package let text: String
    package let range: AddressRange
}
