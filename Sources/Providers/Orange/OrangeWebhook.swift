import CallModel

/// The parameters of one request of the provider's to us, by GET or as a POSTed form: percent-decoded once, in order.
struct OrangeWebhook {
    /// Ours, in the URL that we give for the notifications of one call: names the call as we do.
    static let marker = "ctibridge_call"
    /// Ours, for the URL to paste where messages of another kind come in: `medium=mms`.
    static let mediumMarker = "medium"
    /// More parameters than this are not looked at.
    static let maximumParameters = 200
    /// Unicode scalars of a name or an id.
    static let maximumWord = 256

    private(set) var parameters: [(name: String, value: DecodedText)] = []
    /// Our id of the call the notification is about.
    private(set) var markedCall: String?
    /// Whether there is a body that is no form.
    private(set) var hasStrangeBody = false

    init(_ delivery: Delivery) {
        add(delivery.attributes["query"] ?? "")
        guard !delivery.body.isEmpty else { return }
        let type = (delivery.attributes["content-type"] ?? "").lowercased()
        if type.isEmpty || type.hasPrefix("application/x-www-form-urlencoded") || type.hasPrefix("text/plain") {
            add(decodeText(delivery.body))
        } else {
            hasStrangeBody = true
        }
    }

    /// - Parameter isAppended: the text stood in a value; it is not split once more, however it goes on.
    private mutating func add(_ text: String, isAppended: Bool = false) {
        for pair in text.split(separator: "&") where parameters.count < Self.maximumParameters {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            var name = decodeText(formDecodedBytes(trimmedLine(parts[0])))
            // Senders who copied the guide's web pages separate parameters by `&amp;`.
            if name.hasPrefix("amp;") { name = String(name.dropFirst("amp;".count)) }
            var value = parts.count > 1 ? trimmedLine(parts[1]) : ""
            if name == Self.marker, markedCall == nil {
                // A server that appends its parameters with a `?` although the URL has one.
                if !isAppended, let question = value.firstIndex(of: "?") {
                    add(String(value[value.index(after: question)...]), isAppended: true)
                    value = value[..<question]
                }
                let call = decodeText(formDecodedBytes(value))
                markedCall = call.isEmpty || call.count > Self.maximumWord ? nil : call
                continue
            }
            parameters.append((name, DecodedText(formDecodedBytes(value))))
        }
    }

    /// A form that was written by hand may end in a line break.
    private func trimmedLine(_ text: Substring) -> Substring {
        var text = text
        while text.last?.isNewline == true { text = text.dropLast() }
        return text
    }

    /// The first value of that name.
    subscript(_ name: String) -> DecodedText? { parameters.first { $0.name == name }?.value }

    /// A word or id: trimmed, absent where nothing is left, cut at 256 scalars.
    func word(_ name: String?) -> String? {
        guard let name, let value = self[name] else { return nil }
        let text = String(String.UnicodeScalarView(trimmed(value.text).unicodeScalars.prefix(Self.maximumWord)))
        return text.isEmpty ? nil : text
    }

    /// Names that came more than once; the first value counts.
    var repeated: [String] {
        var seen: Set<String> = []
        var repeated: [String] = []
        for (name, _) in parameters where !seen.insert(name).inserted && !repeated.contains(name) {
            repeated.append(name)
        }
        return repeated
    }

    /// All of them, for a notification of which no part has a meaning.
    var text: String {
        let text = parameters.map { "\($0.name)=\($0.value.text)" }.joined(separator: "&")
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(1_024)))
    }
}
