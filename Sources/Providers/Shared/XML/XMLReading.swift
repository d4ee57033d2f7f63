import CExpat

/// Reads a whole XML document by Expat into elements.
///
/// No document type is accepted, hence no entity beyond the five of XML itself is ever expanded and nothing outside the
/// document is ever looked up. The bytes are decoded before Expat sees them, strictly as UTF-8 or else as
/// Windows-1252, whatever the prolog claims: providers declare UTF-8 and send something else.
package struct XMLReading: Sendable, Hashable {
    package let root: XMLElement
    /// The bytes were no UTF-8.
    package let isCharsetAssumed: Bool

    package init(_ bytes: [UInt8], limits: XMLLimits = XMLLimits()) throws(XMLFault) {
        guard bytes.count <= limits.bytes else { throw .tooManyBytes(limit: limits.bytes) }
        let decoded = DecodedText(Array(TextStart.trimmed(bytes)))
        isCharsetAssumed = decoded.isFallback
        root = try Self.parse(Array(decoded.text.utf8), limits)
    }

    private static func parse(_ bytes: [UInt8], _ limits: XMLLimits) throws(XMLFault) -> XMLElement {
        // Naming the encoding here overrides the one that the prolog declares.
        guard let parser = XML_ParserCreate("UTF-8") else {
            throw .malformed(reason: "out of memory", line: 0, column: 0)
        }
        defer { XML_ParserFree(parser) }
        let builder = XMLBuilder(parser: parser, limits: limits)
        // Expat calls back only while XML_Parse runs, below, where `builder` is kept alive.
        XML_SetUserData(parser, Unmanaged.passUnretained(builder).toOpaque())
        XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in XMLBuilder.of(data)?.documentTypeStarted() }
        XML_SetElementHandler(
            parser,
            { data, name, attributes in XMLBuilder.of(data)?.elementStarted(name, attributes) },
            { data, _ in XMLBuilder.of(data)?.elementEnded() })
        XML_SetCharacterDataHandler(parser) { data, text, length in XMLBuilder.of(data)?.textCame(text, length) }

        let status = withExtendedLifetime(builder) {
            bytes.withUnsafeBytes { buffer in
                // Fits: the document was checked against a limit far below 2 GB, and Windows-1252 at most triples it.
                XML_Parse(parser, buffer.bindMemory(to: CChar.self).baseAddress, Int32(clamping: buffer.count), 1)
            }
        }
        if let fault = builder.fault { throw fault }
        guard status == XML_STATUS_OK, let root = builder.root else {
            let reason = XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) }
            throw .malformed(
                reason: reason ?? "no element", line: Int(clamping: XML_GetCurrentLineNumber(parser)),
                column: Int(clamping: XML_GetCurrentColumnNumber(parser)))
        }
        return root
    }
}
