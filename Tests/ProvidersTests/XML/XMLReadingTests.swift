import Providers
import Testing

/// Any document becomes elements or a fault, within limits.
struct XMLReadingTests {
    private func read(_ text: String, _ limits: XMLLimits = XMLLimits()) throws(XMLFault) -> XMLElement {
        try XMLReading(Array(text.utf8), limits: limits).root
    }

    private func fault(_ text: String, _ limits: XMLLimits = XMLLimits()) -> XMLFault? {
        do {
            _ = try read(text, limits)
            return nil
        } catch {
            return error
        }
    }

    @Test func readsElementsAttributesAndText() throws {
        let root = try read("<a x='1' y=\"&lt;&#233;\">one<b/><![CDATA[<two>]]><B k=\"v\">three</B></a>")
        #expect(root.name == "a")
        #expect(root.attributes == ["x": "1", "y": "<é"])
        #expect(root.text == "one<two>")
        #expect(root.children.map(\.name) == ["b", "B"])
        #expect(root.child("b") == XMLElement(name: "b"))
        #expect(root.children("b").last?.text == "three")
    }

    @Test(arguments: ["", "\u{FEFF}", " \r\n\t", "\n\u{FEFF}\n"])
    func whatStandsBeforeTheProologIsSkipped(_ start: String) throws {
        #expect(try read(start + "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<a/>\n").name == "a")
    }

    @Test func bytesAreDecodedByOurRuleWhateverTheProologSays() throws {
        let latin = Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?><a t=\"re".utf8) + [0xE7] + Array("u\"/>".utf8)
        let fallback = try XMLReading(latin)
        #expect(fallback.root.attributes["t"] == "reçu")
        #expect(fallback.isCharsetAssumed)
        let utf8 = try XMLReading(Array("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a t=\"reçu\"/>".utf8))
        #expect(utf8.root.attributes["t"] == "reçu")
        #expect(!utf8.isCharsetAssumed)
    }

    @Test(arguments: [
        "<!DOCTYPE a><a/>", "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
        "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY e \"x\"><!ENTITY f \"&e;&e;\">]><a>&f;</a>",
        "<!DOCTYPE a [<!ENTITY % p SYSTEM \"http://192.0.2.1/\"> %p;]><a/>",
    ])
    func aDocumentTypeIsRefused(_ text: String) {
        #expect(fault(text) == .documentType)
    }

    @Test(arguments: [
        "", " ", "<", "<a>", "<a></b>", "<a x=1/>", "<a x=”1”/>", "<a x='1' x='2'/>", "<a>&nope;</a>", "<a/><b/>",
        "<a>\u{0}</a>", "<a>&#0;</a>", "no", "{\"a\":1}", "<a/>rest",
    ])
    func whatIsNotWellFormedIsAFault(_ text: String) {
        guard case .malformed? = fault(text) else { return unexpected() }
    }

    @Test func everyPrefixOfADocumentIsAFault() {
        let text = "<?xml version=\"1.0\"?>\n<a x=\"é\"><b>text &amp; more</b><![CDATA[x]]></a>"
        let bytes = Array(text.utf8)
        for count in bytes.indices {
            #expect(throws: XMLFault.self) { try XMLReading(Array(bytes[..<count])) }
        }
    }

    @Test func everyLimitHolds() {
        let limits = XMLLimits(bytes: 400, depth: 3, elements: 5, attributes: 2, text: 10)
        #expect(fault("<a><b><c/></b></a>", limits) == nil)
        #expect(fault("<a><b><c><d/></c></b></a>", limits) == .tooDeep(limit: 3))
        #expect(fault("<a><b/><b/><b/><b/></a>", limits) == nil)
        #expect(fault("<a><b/><b/><b/><b/><b/></a>", limits) == .tooManyElements(limit: 5))
        #expect(fault("<a x='' y=''/>", limits) == nil)
        #expect(fault("<a x='' y='' z=''/>", limits) == .tooManyAttributes(limit: 2))
        #expect(fault("<a>0123456789</a>", limits) == nil)
        #expect(fault("<a>0123456789&amp;</a>", limits) == .tooMuchText(limit: 10))
        #expect(fault("<a x='0123456789a'/>", limits) == .tooMuchText(limit: 10))
        #expect(fault("<a>" + String(repeating: " ", count: 400) + "</a>", limits) == .tooManyBytes(limit: 400))
    }

    @Test func aDepthBombIsStoppedEarly() {
        #expect(fault(String(repeating: "<a>", count: 300_000)) == .tooDeep(limit: 32))
    }
}
