/// How a report is written; which of them is a setting of the customer's account (help page "Qu'est-ce que le
/// pushCRA ?"). Guide 1.7 knows XML only.
package enum SFRFormat: String, Sendable, CaseIterable {
    case xml
    case json

    /// No document names a content type.
    var usualContentType: String {
        switch self {
        case .xml: "application/xml"
        case .json: "application/json"
        }
    }

    /// The notation of the printed samples of that format.
    var usualDates: SFRDateForm {
        switch self {
        case .xml: .bare
        case .json: .zone
        }
    }
}
