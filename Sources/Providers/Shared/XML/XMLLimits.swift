/// How much of an XML document is read at most. A document beyond any of these is refused as a whole: half a report
/// would be a wrong one.
package struct XMLLimits: Sendable, Hashable {
    /// Of the document as it came.
    package var bytes: Int
    /// Elements inside each other, the root counted.
    package var depth: Int
    package var elements: Int
    /// Of one element.
    package var attributes: Int
    /// Bytes of UTF-8 in the text of one element, or in the value of one attribute.
    package var text: Int

    package init(
        bytes: Int = 1 << 20, depth: Int = 32, elements: Int = 20_000, attributes: Int = 64, text: Int = 64 << 10
    ) {
        self.bytes = bytes
        self.depth = depth
        self.elements = elements
        self.attributes = attributes
        self.text = text
    }
}
