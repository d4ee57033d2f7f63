/// An SMS or MMS that somebody sends to a short number, as Orange passes it on: a GET with `api`, `from`, `to` and
/// `content` (guide, "receive SMS"). The MMS has the same parameters by assumption; no document shows it.
package struct OrangeMessage: Sendable, Equatable {
    /// How characters beyond ASCII are written; public receivers disagree.
    enum Escape: String, CaseIterable {
        case utf8 = "utf-8"
        case latin1 = "latin-1"
        /// `%u20AC`, as VBScript's Escape() does.
        case percentU = "percent-u"
    }

    enum Blank: String, CaseIterable {
        case plus = "+"
        case escape = "%20"
    }

    package let from: String?
    /// Sent that often.
    package let times: Int
    let summary: String
    /// As it goes over the wire.
    let query: String

    init(_ value: JSONValue) throws(ScenarioFault) {
        var fields = try FieldReader(value, in: "\"orange\"")
        times = try fields.whole("times", in: 1...100) ?? 1
        if let literal = try fields.text("query") {
            guard literal.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }) else {
                throw ScenarioFault("\"query\" of \"orange\" is sent as it is: printable characters without blanks")
            }
            query = literal
            from = nil
            summary = "query"
            try fields.refuseUnknown()
            return
        }
        let sms = try fields.text("sms")
        let mms = try fields.text("mms")
        guard let content = sms ?? mms, sms == nil || mms == nil else {
            throw ScenarioFault("\"orange\" needs one of \"answer\", \"sms\", \"mms\", \"query\"")
        }
        func optional(_ name: String, _ usual: String) throws(ScenarioFault) -> String? {
            switch fields.value(name) {
            case nil: usual
            case .null: nil
            case .string(let text): text
            case .some(let other): throw ScenarioFault("\"\(name)\" must be text or null, not \(other.kind)")
            }
        }
        summary = sms == nil ? "receiveMMS" : "receiveSMS"
        let api = try optional("api", summary)
        from = try optional("from", "33639980001")
        let to = try optional("to", "20345")
        let escape = try fields.word("escape", of: Escape.self) ?? .utf8
        let blank = try fields.word("blank", of: Blank.self) ?? .plus
        try fields.refuseUnknown()
        let pairs = [("api", api), ("from", from), ("to", to), ("content", content)]
        query = pairs.compactMap { name, value in
            value.map { "\(name)=\(escape.encode($0).replacing("%20", with: blank.rawValue))" }
        }.joined(separator: "&")
    }
}

extension OrangeMessage.Escape {
    fileprivate func encode(_ text: String) -> String {
        switch self {
        case .utf8: PercentText.encode(text)
        case .latin1: PercentText.encode(bytes: TextCharset.latin1.bytes(text))
        case .percentU:
            text.utf16.map { unit in
                unit < 0x80
                    ? PercentText.encode(bytes: [UInt8(unit)])
                    : unit < 0x100
                        ? "%" + String(unit, radix: 16, uppercase: true)
                        : "%u" + Self.fourDigits(unit)
            }.joined()
        }
    }

    private static func fourDigits(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
