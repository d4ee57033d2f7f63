/// A word about a guest's call for the conference's `notification_url`. Method, names and words are in no document.
package struct OrangeNotice: Sendable {
    package enum Method: String, Sendable, CaseIterable {
        case get
        case post
    }

    /// What the parameters are called; an empty name leaves one out.
    package struct Names: Sendable, Equatable {
        package var call = "call_id"
        package var state = "state"
        package var conference = "conf_id"
        package var number = "number"

        package init() {}

        /// Reads `call=call_id,state=state,conference=conf_id,number=number`; what is not named keeps its name.
        package init(_ text: String) throws(SimulatorError) {
            for part in text.split(separator: ",") {
                let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let name = pair.count == 2 ? String(pair[1]) : ""
                switch pair[0] {
                case "call" where pair.count == 2: call = name
                case "state" where pair.count == 2: state = name
                case "conference" where pair.count == 2: conference = name
                case "number" where pair.count == 2: number = name
                default:
                    throw .invalid(
                        "--orange-notify-names \"\(text)\": \"\(part)\" is none of call=NAME, state=NAME, "
                            + "conference=NAME, number=NAME")
                }
            }
        }
    }

    let target: PushTarget
    let call: String
    let conference: String
    let number: String
    let state: String
    let extra: [JSONMember]

    func form(_ names: Names) -> String {
        let pairs =
            [(names.call, call), (names.state, state), (names.conference, conference), (names.number, number)]
            + extra.map { ($0.name, $0.value.text ?? "") }
        return pairs.filter { !$0.0.isEmpty }
            .map { "\(PercentText.encode($0.0))=\(PercentText.encode($0.1))" }.joined(separator: "&")
    }
}
