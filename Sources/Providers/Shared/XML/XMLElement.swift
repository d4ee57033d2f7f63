/// One element of an XML document, with what stands in it.
package struct XMLElement: Sendable, Hashable {
    /// As written, with its prefix where it has one: no provider uses namespaces.
    package var name: String
    /// As written; without entities.
    package var attributes: [String: String]
    package var children: [XMLElement] = []
    /// All text directly in the element, CDATA included, without what stands in its children.
    package var text = ""

    package init(name: String, attributes: [String: String] = [:]) {
        self.name = name
        self.attributes = attributes
    }

    /// The first child of this name, in whatever case.
    package func child(_ name: String) -> XMLElement? {
        children.first { $0.isNamed(name) }
    }

    package func children(_ name: String) -> [XMLElement] {
        children.filter { $0.isNamed(name) }
    }

    /// Whether this is the element's name, in whatever case: documents and wire differ in it.
    package func isNamed(_ name: String) -> Bool {
        self.name.lowercased() == name.lowercased()
    }
}
