import CExpat

/// Collects what Expat calls back with, within limits. Lives for one call of `XML_Parse`, on its thread.
final class XMLBuilder {
    private(set) var root: XMLElement?
    /// What stopped the parser. Some call-backs still come after that and are dropped.
    private(set) var fault: XMLFault?

    private let parser: XML_Parser
    private let limits: XMLLimits
    private var open: [XMLElement] = []
    private var elements = 0

    init(parser: XML_Parser, limits: XMLLimits) {
        self.parser = parser
        self.limits = limits
    }

    static func of(_ data: UnsafeMutableRawPointer?) -> XMLBuilder? {
        data.map { Unmanaged<XMLBuilder>.fromOpaque($0).takeUnretainedValue() }
    }

    func documentTypeStarted() { stop(.documentType) }

    /// - Parameter attributes: names and values in turn, ended by a null pointer.
    func elementStarted(
        _ name: UnsafePointer<XML_Char>?, _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
    ) {
        guard fault == nil, let name else { return }
        elements += 1
        if elements > limits.elements { return stop(.tooManyElements(limit: limits.elements)) }
        if open.count >= limits.depth { return stop(.tooDeep(limit: limits.depth)) }
        var element = XMLElement(name: String(cString: name))
        var index = 0
        while let attributes, let name = attributes[index], let value = attributes[index + 1] {
            index += 2
            if index / 2 > limits.attributes { return stop(.tooManyAttributes(limit: limits.attributes)) }
            let text = String(cString: value)
            if text.utf8.count > limits.text { return stop(.tooMuchText(limit: limits.text)) }
            element.attributes[String(cString: name)] = text
        }
        open.append(element)
    }

    func elementEnded() {
        guard fault == nil, let element = open.popLast() else { return }
        if open.isEmpty {
            root = element
        } else {
            open[open.count - 1].children.append(element)
        }
    }

    /// A text comes in pieces, cut at line breaks, entities and anywhere else between characters.
    func textCame(_ text: UnsafePointer<XML_Char>?, _ length: Int32) {
        guard fault == nil, let text, length > 0, !open.isEmpty else { return }
        let piece = UnsafeRawBufferPointer(start: text, count: Int(length))
        let last = open.count - 1
        if open[last].text.utf8.count + piece.count > limits.text { return stop(.tooMuchText(limit: limits.text)) }
        open[last].text += String(decoding: piece, as: UTF8.self)
    }

    private func stop(_ fault: XMLFault) {
        guard self.fault == nil else { return }
        self.fault = fault
        XML_StopParser(parser, 0)
    }
}
