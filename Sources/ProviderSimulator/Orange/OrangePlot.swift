/// How a request about a number goes, chosen by its last digits: `0639 98 03 NN`.
enum OrangePlot {
    static func reply(number: String) -> OrangeReply {
        switch index(number) {
        case 1: .refusal(450, "authorization required")
        case 2: .refusal(500, "internal error")
        case 3: OrangeReply(form: .blanks)
        case 4: OrangeReply(form: .cdata)
        case 5: OrangeReply(form: .missing)
        case 6: OrangeReply(id: .absent)
        case 7: OrangeReply(id: .literal(""))
        case 8: OrangeReply(id: .literal("a/b c+é&1"))
        case 9: OrangeReply(http: 500, code: 500, message: "internal error")
        case 10: OrangeReply(form: .html)
        case 11: OrangeReply(form: .empty)
        default: OrangeReply()
        }
    }

    /// What is told about a guest whose call was accepted. No document knows these words.
    static func states(number: String) -> [OrangeScript.Step] {
        switch index(number) {
        case 20: [.init(after: 200, "calling"), .init(after: 4_000, "refused")]
        case 21: [.init(after: 200, "calling"), .init(after: 9_000, "no_answer")]
        case 22: [.init(after: 200, "calling"), .init(after: 3_000, "answered"), .init(after: 4_500, "joined")]
        default:
            [
                .init(after: 200, "calling"), .init(after: 3_000, "answered"), .init(after: 4_500, "joined"),
                .init(after: 15_000, "left"),
            ]
        }
    }

    private static func index(_ number: String) -> Int {
        let digits = number.suffix(8)
        return digits.hasPrefix("399803") ? Int(digits.suffix(2)) ?? 0 : 0
    }
}
