/// The body of a POST to click-to-dial.
struct VoIPGRIDOrder: Sendable, Equatable {
    /// Why a POST is refused.
    struct Refusal: Error {
        let response: Response
    }

    let bNumber: String
    var aNumber: String?
    var aCLI: String?
    var bCLI: String?
    var autoAnswer = false

    init(bNumber: String) {
        self.bNumber = bNumber
    }

    /// Texts and their forms are those that VoIPGRID's clients know: plain text or JSON.
    static func read(_ request: Request) -> Result<VoIPGRIDOrder, Refusal> {
        let type = request.header("content-type")?.lowercased().split(separator: ";").first
        guard type == "application/json" else { return refuse(.text(415, "Content-Type must be application/json")) }
        guard let value = try? JSONReader.read(request.body), case .object = value else {
            return refuse(.json(400, .object([JSONMember("error_message", "The body is not a JSON object.")])))
        }
        guard let number = value["b_number"]?.text, isDialable(number) else {
            return refuse(.text(400, "Extensions or phonenumbers not valid"))
        }
        if let refusal = special(number) { return refuse(refusal) }
        var order = VoIPGRIDOrder(bNumber: number)
        for (name, path) in [("a_number", \VoIPGRIDOrder.aNumber), ("a_cli", \.aCLI), ("b_cli", \.bCLI)] {
            switch value[name] {
            case nil, .string(""): break
            case .string(let text): order[keyPath: path] = text
            default: return refuse(.json(400, .object([JSONMember("description", "\(name) is not a string")])))
            }
        }
        switch value["auto_answer"] {
        // The guide's own script sends "" for an unset boolean.
        case nil, .string(""): break
        case .bool(let flag): order.autoAnswer = flag
        default: return refuse(.json(400, .object([JSONMember("description", "auto_answer is not a boolean")])))
        }
        return .success(order)
    }

    private static func refuse(_ response: Response) -> Result<VoIPGRIDOrder, Refusal> {
        .failure(Refusal(response: response))
    }

    /// A number or an extension: digits, with one `+` in front at most.
    private static func isDialable(_ number: String) -> Bool {
        let digits = number.hasPrefix("+") ? number.dropFirst() : number[...]
        return (2...20).contains(digits.count) && digits.allSatisfy { $0.isASCII && $0.isNumber }
    }

    /// `0639 98 01 5N` and `6N` are refused, each in another way.
    private static func special(_ number: String) -> Response? {
        switch number.suffix(8) {
        case "39980150": .text(400, "Extensions or phonenumbers not valid")
        case "39980151": .json(400, .object([JSONMember("description", "Extensions or phonenumbers not valid")]))
        case "39980152": .text(400, "This number is not permitted.")
        case "39980153": .text(400, "User has no permission to provide a_number for ClickToDial")
        case "39980154": .text(400, "You have no voipaccount selected for click-to-dial")
        case "39980155":
            .json(
                500,
                .object([
                    JSONMember(
                        "error_message", "Sorry, this request could not be processed. Please try again later.")
                ]))
        case "39980156": .text(403, "")
        case "39980157": .json(200, .object([JSONMember("status", "")]))
        default: nil
        }
    }
}
