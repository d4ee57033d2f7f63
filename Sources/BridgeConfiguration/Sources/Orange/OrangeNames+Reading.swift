import CallModel
import Providers

extension OrangeNames {
    /// `parameters`: what no public document names.
    init(reading mapping: MappingReader) {
        self.init()
        confirmation = mapping.parameterName("confirmation")
        accessMode = mapping.parameterName("access_mode") ?? accessMode
        callers = mapping.parameterName("callers") ?? callers
        start = mapping.parameterName("start")
        callConstants = mapping.constants("call")
        messageConstants = mapping.constants("sms")
    }

    func write(to writer: inout YAMLWriter) {
        if let confirmation { writer.line("confirmation", confirmation) }
        writer.line("access_mode", accessMode)
        writer.line("callers", callers)
        if let start { writer.line("start", start) }
        writer.constants("call", callConstants)
        writer.constants("sms", messageConstants)
    }
}

extension OrangeHistory {
    init(reading mapping: MappingReader) {
        self.init()
        url = mapping.providerURL("url")?.description
        parameter = mapping.parameterName("parameter") ?? parameter
        words = mapping.words("words", of: MessageReport.Status.allCases.map(\.rawValue)) {
            MessageReport.Status(rawValue: $0)
        }
        interval = mapping.duration("interval", default: interval, in: .seconds(1)...(.hours(1)))
        maximumAge = mapping.duration("max_age", default: maximumAge, in: .minutes(1)...(.hours(24)))
    }

    func write(to writer: inout YAMLWriter) {
        if let url { writer.line("url", url) }
        writer.line("parameter", parameter)
        writer.constants("words", words.mapValues(\.rawValue))
        writer.line("interval", interval)
        writer.line("max_age", maximumAge)
    }
}

extension OrangeNotifications {
    init(reading mapping: MappingReader) {
        self.init()
        call = mapping.parameterName("call")
        conference = mapping.parameterName("conference")
        state = mapping.parameterName("state")
        words = mapping.words("words", of: Self.meanings) { Meaning($0) }
    }

    private static var meanings: [String] {
        let states: [CallState] = [.initiated, .ringing, .connected, .held, .ended]
        return states.map(\.rawValue) + Outcome.allCases.map(\.rawValue)
    }

    func write(to writer: inout YAMLWriter) {
        if let call { writer.line("call", call) }
        if let conference { writer.line("conference", conference) }
        if let state { writer.line("state", state) }
        writer.constants("words", words.mapValues(\.word))
    }
}

extension OrangeNotifications.Meaning {
    fileprivate var word: String {
        switch self {
        case .state(let state): state.rawValue
        case .ended(let outcome): outcome.rawValue
        }
    }
}

extension MappingReader {
    /// The name of a parameter in somebody's URLs.
    fileprivate func parameterName(_ key: String) -> String? {
        guard let written = text(key) else { return nil }
        guard (1...64).contains(written.value.utf8.count),
            written.value.utf8.allSatisfy({ CharacterSets.isURLSafe($0) || $0 == UInt8(ascii: ".") })
        else {
            report("'\(key)' is a parameter's name: 1 to 64 characters of A-Z a-z 0-9 _ - .", at: written.position)
            return nil
        }
        return written.value
    }

    fileprivate func constants(_ key: String) -> [String: String] {
        table(key).mapValues(\.value)
    }

    /// What a provider's words mean, in our words. The provider's are compared without regard to case.
    fileprivate func words<Meaning>(
        _ key: String, of ours: [String], _ meaning: (String) -> Meaning?
    ) -> [String: Meaning] {
        var words: [String: Meaning] = [:]
        for (word, written) in table(key) {
            if let meaning = meaning(written.value) {
                words[word.lowercased()] = meaning
            } else {
                report("'\(key)': not one of \(ours.joined(separator: ", "))", at: written.position)
            }
        }
        return words
    }
}

extension YAMLWriter {
    fileprivate mutating func constants(_ key: String, _ values: [String: String]) {
        guard !values.isEmpty else { return }
        section(key) { writer in
            for (name, value) in values.sorted(by: { $0.key < $1.key }) { writer.line(name, value) }
        }
    }
}
