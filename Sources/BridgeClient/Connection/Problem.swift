/// A refusal of the daemon: an RFC 9457 problem document, or as much of one as could be read.
package struct Problem: Sendable, Hashable {
    package let status: Int
    package let title: String?
    package let detail: String?
    /// All members of the document, for those that only some problems have (`oldest` and `head` of a 410).
    package let members: JSONValue

    package init(status: Int, title: String? = nil, detail: String? = nil, members: JSONValue = .null) {
        self.status = status
        self.title = title
        self.detail = detail
        self.members = members
    }

    /// The problem's own word, behind `urn:ctibridge:problem:`; nil where the status says it all.
    package var kind: String? {
        let prefix = "urn:ctibridge:problem:"
        return members["type"]?.text.flatMap { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : nil }
    }

    /// Takes what it can from a reply that is not a success; a body that is no JSON is not shown, whatever it says.
    package init(status: Int, reason: String, body: [UInt8]) {
        let members = (try? JSONReader.value(of: body[...])) ?? .null
        let title = members["title"]?.text ?? (reason.isEmpty ? nil : reason)
        self.init(status: status, title: title, detail: members["detail"]?.text, members: members)
    }
}

extension Problem: CustomStringConvertible {
    package var description: String {
        var text =
            switch (title, detail) {
            case (let title?, let detail?) where title != detail: "\(title): \(detail)"
            case (_, let detail?): detail
            case (let title?, nil): "the daemon answered \(status): \(title)"
            case (nil, nil): "the daemon answered \(status) and gave no reason"
            }
        let allowed = (members["allowed"]?.array ?? []).compactMap(\.text)
        if !allowed.isEmpty { text += " (possible: \(allowed.joined(separator: ", ")))" }
        return text
    }
}
