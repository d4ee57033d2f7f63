/// A whole reply of the API that is a JSON document.
package struct ReplyDocument: Sendable {
    package let root: JSONValue

    /// Throws where the bytes are no JSON, and says at which of them.
    package init(_ bytes: [UInt8]) throws(ClientFailure) {
        do {
            root = try JSONReader.value(of: bytes[...])
        } catch {
            throw .protocolViolation("the answer is no JSON (byte \(error.offset))")
        }
    }

    /// The list a reply is about: a member of that name, or the document itself.
    package func list(_ name: String) throws(ClientFailure) -> [JSONValue] {
        guard let list = root[name]?.array ?? root.array else {
            throw .protocolViolation("the answer has no list of \(name)")
        }
        return list
    }
}
