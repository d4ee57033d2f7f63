package import CallModel

/// The XML that answers a request (Orange API guide of 2010; the paths below `response` are those that the guide's
/// samples and public clients read).
///
/// HTTP 200 says nothing: only `status_code` does, a whole number with blanks around it or in CDATA. A body that cannot
/// be read is a reply without anything in it.
package struct OrangeReply: Sendable {
    /// `/response/status/status_code`; 200 is the only one that means success.
    package var code: Int?
    /// What stands there in place of a whole number; at most 64 characters.
    package var unusableCode: String?
    /// `/response/status/status_msg`, for people. At most 300 characters.
    package var message: String?
    /// `/response/call_info/call_id`, of calls and of messages sent.
    package var callID: String?
    /// `/response/conference/id`.
    package var conferenceID: String?
    private var root: XMLElement?

    /// Everything is nil where the body is no XML, or no `<response>`.
    package init(_ body: [UInt8]) {
        guard let root = try? XMLReading(body).root, root.isNamed("response") else { return }
        self.root = root
        let word = Self.text(root.child("status")?.child("status_code"))
        code = word.flatMap { Int($0) }
        if code == nil { unusableCode = word.map { String($0.prefix(64)) } }
        message = Self.text(root.child("status")?.child("status_msg")).map { String($0.prefix(300)) }
        callID = Self.id(root.child("call_info")?.child("call_id"))
        conferenceID = Self.id(root.child("conference")?.child("id"))
    }

    /// Trimmed; nil where nothing is left.
    private static func text(_ element: XMLElement?) -> String? {
        let text = trimmed(element?.text ?? "")
        return text.isEmpty ? nil : text
    }

    /// Opaque; one of more than 256 characters is none.
    private static func id(_ element: XMLElement?) -> String? {
        text(element).flatMap { $0.count <= 256 ? $0 : nil }
    }

    /// The first text in an element of one of these names that has no elements in it, wherever it is but in `status`:
    /// for `getHistory`, of which no reply is public.
    package func word(inElements names: [String]) -> String? {
        func search(_ element: XMLElement) -> String? {
            for child in element.children {
                if child.children.isEmpty {
                    if names.contains(child.name.lowercased()), let text = Self.text(child) {
                        return String(text.prefix(128))
                    }
                } else if let text = search(child) {
                    return text
                }
            }
            return nil
        }
        guard var root else { return nil }
        // The outcome of the request itself, not of the message asked about.
        root.children.removeAll { $0.child("status_code") != nil }
        return search(root)
    }

    // MARK: - Meaning

    /// What came of a request. Anything but `status_code` 200 within an HTTP 2xx is a no; only where a gateway lost the
    /// answer is the result not known.
    package static func result(of reply: HTTPReply) -> PlacementResult {
        let content = OrangeReply(reply.body)
        let hasSucceeded = (200..<300).contains(reply.status)
        if hasSucceeded, content.code == 200 { return .accepted }
        if let code = content.code, code != 200 {
            return .refused(status: code, text: content.message ?? "status_code \(code)", isBarred: false)
        }
        if reply.status == 502 || reply.status == 504 {
            return .unknown("HTTP \(reply.status): a gateway lost the provider's answer")
        }
        guard hasSucceeded else {
            return .refused(
                status: reply.status, text: String("HTTP \(reply.status) \(reply.reason)".prefix(300)), isBarred: false)
        }
        // HTTP 200 is no code of the refusal.
        let text =
            if let word = content.unusableCode {
                "the reply's status_code is no whole number: \(word)" + (content.message.map { ": \($0)" } ?? "")
            } else {
                "the reply has no status_code: \(content.message ?? PlacementResult.text(of: reply))"
            }
        return .refused(status: nil, text: String(text.prefix(300)), isBarred: false)
    }
}

/// Without white space of any kind around it.
func trimmed(_ text: some StringProtocol) -> String {
    var scalars = text.unicodeScalars[...]
    while let first = scalars.first, first.properties.isWhitespace { scalars = scalars.dropFirst() }
    while let last = scalars.last, last.properties.isWhitespace { scalars = scalars.dropLast() }
    return String(String.UnicodeScalarView(scalars))
}
