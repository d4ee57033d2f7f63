/// The body of an answer. Its paths (`/response/status/status_code`, `/response/call_info/call_id`,
/// `/response/conference/id`) are those that the guide and public clients read; no complete body is public.
package struct OrangeReply: Sendable, Equatable {
    /// How `status_code` is written, or what comes instead of the XML.
    package enum Form: String, Sendable, CaseIterable {
        case plain
        case cdata
        case blanks
        /// No `status_code`.
        case missing
        /// A web page.
        case html
        /// No body at all.
        case empty
    }

    /// What stands in `call_id` or a conference's `id`.
    enum IDForm: Sendable, Equatable {
        case fresh
        case absent
        case literal(String)
    }

    var http = 200
    var code = 200
    var message = "OK"
    var form = Form.plain
    var id = IDForm.fresh
    /// The prolog says UTF-8 in any case.
    var charset = TextCharset.utf8

    /// Whether the request was carried out.
    var isAccepted: Bool {
        guard http == 200, code == 200 else { return false }
        return form == .plain || form == .cdata || form == .blanks
    }

    static func refusal(_ code: Int, _ message: String) -> OrangeReply {
        OrangeReply(code: code, message: message)
    }

    /// - Parameter content: Elements after `status`: name, and the names and texts inside.
    func response(_ content: [(element: String, fields: [(name: String, text: String)])]) -> Response {
        switch form {
        case .html: return page("<html><body><h1>Service indisponible</h1></body></html>", "text/html")
        case .empty: return page("", "text/xml")
        default: break
        }
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response>\n  <status>\n"
        switch form {
        case .cdata: text += "    <status_code>\(XMLText.cdata(String(code)))</status_code>\n"
        case .blanks: text += "    <status_code>\n      \(code)\t\n    </status_code>\n"
        case .missing: break
        default: text += "    <status_code>\(code)</status_code>\n"
        }
        text += "    <status_msg>\(XMLText.cdata(message))</status_msg>\n  </status>\n"
        for (element, fields) in content {
            text += "  <\(element)>\n"
            for field in fields { text += "    <\(field.name)>\(XMLText.escape(field.text))</\(field.name)>\n" }
            text += "  </\(element)>\n"
        }
        return page(text + "</response>\n", "text/xml")
    }

    private func page(_ text: String, _ type: String) -> Response {
        Response(http, headers: [("Content-Type", type)], bytes: charset.bytes(text))
    }
}
