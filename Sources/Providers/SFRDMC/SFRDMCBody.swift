/// The reports of one delivery, whichever of the two formats it came in.
///
/// The format is told by the first byte: the header of the request is documented nowhere.
struct SFRDMCBody: Sendable {
    private(set) var reports: [SFRDMCReport] = []
    /// The bytes were no UTF-8.
    private(set) var isCharsetAssumed = false
    /// What could not be read, each told once: kind and detail.
    private(set) var faults: [Fault] = []

    struct Fault: Sendable, Hashable {
        let kind: String
        let detail: String
    }

    /// A body of more bytes than this is not read, in either format.
    static let maximumBytes = SFRDMCDecoder.maximumBodyBytes
    /// Ten thousand messages have twenty thousand elements, and each may have a few more.
    static let maximumElements = 50_000
    /// More statuses in one delivery than this are not read.
    static let maximumEntries = 20_000

    private var entries = 0

    init(_ bytes: [UInt8]) {
        guard bytes.count <= Self.maximumBytes else {
            note("body too large", "\(bytes.count) bytes; at most \(Self.maximumBytes) are read")
            return
        }
        switch TextStart.trimmed(bytes).first {
        case UInt8(ascii: "<"): readXML(bytes)
        case UInt8(ascii: "{"), UInt8(ascii: "["): readJSON(bytes)
        case nil: note("empty body", "the request has no body")
        default: note("unknown format", "a body that is neither XML nor JSON")
        }
    }

    private mutating func note(_ kind: String, _ detail: String) {
        let fault = Fault(kind: kind, detail: detail)
        if !faults.contains(fault), faults.count < 16 { faults.append(fault) }
    }

    private mutating func append(_ report: SFRDMCReport) {
        guard !report.entries.isEmpty else { return note("report without a status", report.medium) }
        entries += report.entries.count
        guard entries <= Self.maximumEntries else {
            return note("too many reports", "at most \(Self.maximumEntries) statuses of one delivery are read")
        }
        reports.append(report)
    }

    // MARK: - XML

    private mutating func readXML(_ bytes: [UInt8]) {
        let document: XMLReading
        do {
            let limits = XMLLimits(bytes: Self.maximumBytes, elements: Self.maximumElements)
            document = try XMLReading(bytes, limits: limits)
        } catch {
            return note("unreadable XML", error.description)
        }
        isCharsetAssumed = document.isCharsetAssumed
        guard document.root.isNamed("status_report") else {
            return note("no status report", "the root element is no status_report")
        }
        let userName = SFRDMCFields(document.root)["username"] ?? ""
        if document.root.children.isEmpty { note("empty report", "a status_report without reports") }
        for element in document.root.children { append(Self.report(element, userName)) }
    }

    private static func report(_ element: XMLElement, _ userName: String) -> SFRDMCReport {
        let statuses = element.children("status") + element.children("status_list").flatMap { $0.children("status") }
        return SFRDMCReport(
            userName: userName, medium: element.name, fields: SFRDMCFields(element),
            history: statuses.map {
                SFRDMCReport.Entry(
                    fields: SFRDMCFields($0), scenario: scenario(in: $0), transferredTo: transferredTo(in: $0))
            },
            scenario: scenario(in: element), transferredTo: transferredTo(in: element))
    }

    private static func scenario(in element: XMLElement) -> SFRDMCFields {
        element.child("vxml_info").map(SFRDMCFields.init) ?? SFRDMCFields()
    }

    private static func transferredTo(in element: XMLElement) -> String? {
        element.child("transfer").flatMap { SFRDMCFields($0)["to"] }
    }

    // MARK: - JSON

    private mutating func readJSON(_ bytes: [UInt8]) {
        let decoded = DecodedText(Array(TextStart.trimmed(bytes)))
        isCharsetAssumed = decoded.isFallback
        guard let json = JSONValue.read(Array(decoded.text.utf8)) else {
            return note("unreadable JSON", "a body that begins like JSON and is none")
        }
        for outer in json.items {
            let lists = outer.object.map { SFRDMCJSON.value("status_report", in: $0)?.items ?? [] } ?? []
            if lists.isEmpty { note("no status report", "an object without a status_report") }
            for list in lists { read(list) }
        }
    }

    /// `status_report`: the medium is the key, its value a list of reports, or one.
    private mutating func read(_ list: JSONValue) {
        guard let object = list.object else { return note("no status report", "a status_report that is no object") }
        let userName = SFRDMCFields(object)["username"] ?? ""
        var isEmpty = true
        for (medium, value) in object.sorted(by: { $0.key < $1.key }) where value.isStructure {
            isEmpty = false
            for item in value.items {
                guard let report = item.object else {
                    note("report of no known shape", medium)
                    continue
                }
                append(SFRDMCJSON.report(report, medium: medium, userName: userName))
            }
        }
        if isEmpty { note("empty report", "a status_report without reports") }
    }
}
