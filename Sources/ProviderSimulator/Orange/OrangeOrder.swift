/// The parameters of a request: query, and form for a POST. The first of a name counts.
struct OrangeOrder: Sendable {
    private let values: [String: String]

    init(_ request: Request) {
        var pairs = request.query
        if request.method == "POST" { pairs += Request.pairs(request.body, loosely: true) ?? [] }
        values = Dictionary(pairs.map { ($0.name, $0.value) }) { first, _ in first }
    }

    /// Nil if it is missing or empty.
    subscript(_ name: String) -> String? {
        values[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// International, without `+` (guide): digits that do not begin with 0. A blank in front is a `+` that was not
    /// percent-encoded.
    func number(_ name: String) -> String? {
        self[name].flatMap { Self.isNumber($0) ? $0 : nil }
    }

    /// Numbers separated by commas; the guide's own list has blanks after them. Nil if one is no number.
    func numbers(_ name: String) -> [String]? {
        let parts = (self[name] ?? "").split(separator: ",").map { part in
            String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        return parts.allSatisfy(Self.isNumber) ? parts : nil
    }

    private static func isNumber(_ text: String) -> Bool {
        (3...15).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
            && !text.hasPrefix("0")
    }
}
