package import CallModel

/// An address or network with the text it was written as.
package struct AddressEntry: Sendable, Hashable {
    package let text: String
    package let range: AddressRange
}
