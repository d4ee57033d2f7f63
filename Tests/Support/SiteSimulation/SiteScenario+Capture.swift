import CallModel

extension SiteScenario {
    /// The deliveries as they reach us, in the format of `Tests/Fixtures`.
    package func capture() -> String {
        arrivals().map { arrival in
            let delivery = arrival.delivery
            var line = "{\"at\": \(delivery.observed.milliseconds - Site.start.milliseconds)"
            line += ", \"source\": \"\(delivery.source)\", \"kind\": \"\(delivery.kind.rawValue)\""
            let body = String(decoding: delivery.body, as: UTF8.self)
            if !body.isEmpty {
                let isJSON = delivery.source.provider == "ovh"
                line += ", \"body\": \(isJSON ? body : Self.quoted(body))"
            }
            if !delivery.attributes.isEmpty {
                let fields = delivery.attributes.sorted { $0.key < $1.key }
                    .map { "\(Self.quoted($0.key)): \(Self.quoted($0.value))" }
                line += ", \"attributes\": {\(fields.joined(separator: ", "))}"
            }
            return line + "}"
        }.joined(separator: "\n")
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.map { character in
            switch character {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\n": "\\n"
            default: String(character)
            }
        }
        return "\"\(escaped.joined())\""
    }
}
