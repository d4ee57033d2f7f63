/// One POST of SFR's DMC platform as a scenario describes it: one or more reports, or any text.
package struct SFRDocument: Sendable, Equatable {
    /// A body and its header.
    struct Wire: Sendable {
        let bytes: [UInt8]
        let contentType: String?
    }

    static let usualUsername = "1234"

    /// The service id.
    package let username: String?
    let format: SFRFormat?
    let hasProlog: Bool
    let hasBOM: Bool
    let charset: TextCharset
    let dates: SFRDateForm?
    let ids: SFRIDForm
    let isSingle: Bool
    let contentType: String?
    /// Sent instead of reports.
    let body: String?
    /// Sent that often.
    package let times: Int
    let reports: [SFRReport]

    /// The keys of a single report may stand beside those of the document.
    init(_ value: JSONValue) throws(ScenarioFault) {
        var fields = try FieldReader(value, in: "\"sfr-dmc\"")
        username = try fields.text("username")
        format = try fields.word("format", of: SFRFormat.self)
        hasProlog = try fields.flag("prolog") ?? true
        hasBOM = try fields.flag("bom") ?? false
        charset = try fields.word("charset", of: TextCharset.self) ?? .utf8
        dates = try fields.word("dates", of: SFRDateForm.self)
        ids = try fields.word("ids", of: SFRIDForm.self) ?? .string
        isSingle = try fields.flag("single") ?? false
        contentType = try fields.text("content_type")
        guard contentType?.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) ?? true else {
            throw ScenarioFault("\"content_type\" is a text of printable characters")
        }
        body = try fields.text("body")
        times = try fields.whole("times", in: 1...100) ?? 1
        var reports: [SFRReport] = []
        if let items = try fields.items("reports") {
            for item in items {
                var reader = try FieldReader(item, in: "a report of \"sfr-dmc\"")
                reports.append(try SFRReport(&reader))
                try reader.refuseUnknown()
            }
        } else if body == nil {
            reports.append(try SFRReport(&fields))
        }
        self.reports = reports
        try fields.refuseUnknown()
    }

    /// For the log.
    var summary: String {
        guard reports.count == 1 else { return body == nil ? "\(reports.count) reports" : "a text" }
        return "\(reports[0].medium) \(reports[0].entry.type)"
    }

    func wire(username: String, usual: SFRFormat, now: WallTime, in run: ScenarioRun) -> Wire {
        let format = format ?? usual
        let wire = reports.map {
            SFRWireReport(
                $0, username: username, dates: dates ?? format.usualDates, ids: ids, now: now, in: run)
        }
        let text: String
        switch (body, format) {
        case (let body?, _): text = body
        case (nil, .xml): text = (hasProlog ? SFRXML.prolog : "") + SFRXML.text(username: username, wire)
        case (nil, .json): text = SFRJSON.value(username: username, wire, single: isSingle).json
        }
        let type = contentType ?? format.usualContentType
        return Wire(
            bytes: (hasBOM ? [0xEF, 0xBB, 0xBF] : []) + charset.bytes(text), contentType: type.isEmpty ? nil : type)
    }
}
