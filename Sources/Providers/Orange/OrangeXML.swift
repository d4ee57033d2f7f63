import CExpat

/// One element of a reply, with what is inside it.
struct OrangeElement: Sendable {
    let name: String
    let attributes: [String: String]
    /// The text directly in it, CDATA sections included.
    var text = ""
    var children: [OrangeElement] = []

    /// The first element down this path of names; nil where there is none.
    func first(_ path: String...) -> OrangeElement? {
        var element = self
        for name in path {
            guard let next = element.children.first(where: { $0.name == name }) else { return nil }
            element = next
        }
        return element
    }
}

/// Reads XML by Expat. A document type is refused, and with it every entity but the five of XML itself.
enum OrangeXML {
    static let maximumBytes = 1 << 20
    static let maximumDepth = 32
    static let maximumElements = 10_000
    /// Of one element.
    static let maximumAttributes = 64

    /// The root element; nil where the bytes are no XML, or more of it than the limits allow.
    ///
    /// The bytes are read as UTF-8 or else Windows-1252, whatever they declare: that is what old systems mean.
    static func read(_ body: [UInt8]) -> OrangeElement? {
        guard !body.isEmpty, body.count <= maximumBytes else { return nil }
        let bytes = Array(DecodedText(body).text.utf8)
        guard let parser = XML_ParserCreate("UTF-8") else { return nil }
        defer { XML_ParserFree(parser) }
        let builder = TreeBuilder(parser)
        XML_SetUserData(parser, Unmanaged.passUnretained(builder).toOpaque())
        XML_SetElementHandler(
            parser,
            { data, name, attributes in TreeBuilder.of(data)?.open(name, attributes) },
            { data, _ in TreeBuilder.of(data)?.close() })
        XML_SetCharacterDataHandler(parser) { data, text, count in TreeBuilder.of(data)?.add(text, count) }
        XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in TreeBuilder.of(data)?.stop() }
        return withExtendedLifetime(builder) {
            let status = bytes.withUnsafeBytes { buffer in
                XML_Parse(
                    parser, buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
                    Int32(truncatingIfNeeded: buffer.count), 1)
            }
            return status == XML_STATUS_OK && !builder.isStopped ? builder.root : nil
        }
    }
}

/// Collects what Expat calls out.
private final class TreeBuilder {
    private let parser: XML_Parser
    private var stack: [OrangeElement] = []
    private var count = 0
    private(set) var root: OrangeElement?
    private(set) var isStopped = false

    init(_ parser: XML_Parser) {
        self.parser = parser
    }

    static func of(_ data: UnsafeMutableRawPointer?) -> TreeBuilder? {
        data.map { Unmanaged<TreeBuilder>.fromOpaque($0).takeUnretainedValue() }
    }

    func open(_ name: UnsafePointer<CChar>?, _ list: UnsafeMutablePointer<UnsafePointer<CChar>?>?) {
        count += 1
        guard let name, !isStopped, count <= OrangeXML.maximumElements, stack.count < OrangeXML.maximumDepth else {
            return stop()
        }
        var attributes: [String: String] = [:]
        var index = 0
        while let list, let key = list[index], let value = list[index + 1] {
            guard attributes.count < OrangeXML.maximumAttributes else { return stop() }
            attributes[String(cString: key)] = String(cString: value)
            index += 2
        }
        stack.append(OrangeElement(name: String(cString: name), attributes: attributes))
    }

    func close() {
        guard !isStopped, let element = stack.popLast() else { return }
        if stack.isEmpty {
            root = element
        } else {
            stack[stack.count - 1].children.append(element)
        }
    }

    func add(_ text: UnsafePointer<CChar>?, _ count: Int32) {
        guard !isStopped, let text, !stack.isEmpty else { return }
        let bytes = UnsafeRawBufferPointer(start: text, count: Int(count))
        stack[stack.count - 1].text += String(decoding: bytes, as: UTF8.self)
    }

    func stop() {
        isStopped = true
        XML_StopParser(parser, XML_Bool(0))
    }
}
