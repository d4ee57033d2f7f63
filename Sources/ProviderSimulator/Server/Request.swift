/// One HTTP request, complete and bounded, its target taken apart.
struct Request: Sendable {
    /// Largest body, in bytes. No provider request of these protocols comes near.
    static let largestBody = 65_536

    let method: String
    /// Path and query as they came.
    let target: String
    /// Percent-decoded segments; an empty last one stands for a final slash.
    let segments: [String]
    let query: [(name: String, value: String)]
    /// Names in lower case.
    let headers: [(name: String, value: String)]
    let body: String

    /// Nil for a target or a body that is not readable text: the answer is 400.
    init?(method: String, target: String, headers: [(name: String, value: String)], body: [UInt8]) {
        guard target.hasPrefix("/"), let text = String(validating: body, as: UTF8.self) else { return nil }
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var segments: [String] = []
        for part in parts[0].dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let segment = PercentText.decode(part, plusIsBlank: false) else { return nil }
            segments.append(segment)
        }
        // Orange's clients disagree on the charset of their texts; nobody else's may.
        let isLoose = segments.first == ProviderName.orange.rawValue
        guard let query = Self.pairs(parts.count > 1 ? parts[1] : "", loosely: isLoose) else { return nil }
        self.method = method
        self.target = target
        self.segments = segments
        self.query = query
        self.headers = headers.map { ($0.name.lowercased(), $0.value) }
        self.body = text
    }

    /// The fields of a form or query; nil if strict reading finds something broken.
    static func pairs(_ text: some StringProtocol, loosely: Bool) -> [(name: String, value: String)]? {
        var pairs: [(name: String, value: String)] = []
        for part in text.split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = pair.count > 1 ? pair[1] : ""
            guard !loosely else {
                pairs.append((PercentText.decodeLoosely(pair[0]), PercentText.decodeLoosely(value)))
                continue
            }
            guard let name = PercentText.decode(pair[0], plusIsBlank: true),
                let value = PercentText.decode(value, plusIsBlank: true)
            else { return nil }
            pairs.append((name, value))
        }
        return pairs
    }

    /// The first query parameter of that name.
    func parameter(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }

    func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }

    /// The path without the query.
    var path: String { String(target.prefix { $0 != "?" }) }

    /// The first word of `Authorization`: the credentials themselves are never logged.
    var authorizationScheme: String? {
        header("authorization")?.split(separator: " ").first.map(String.init)
    }
}
