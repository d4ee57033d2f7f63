import CallModel
import Providers

extension OrangeNames {
    /// `parameters`: what no public document names.
    init(reading mapping: MappingReader) {
        self.init()
        var call = ParameterSet(["id", "from", "to"])
        var conference = ParameterSet(["id", "duration"])
        var message = ParameterSet(["id", "to", "content", "from"])
        confirmation = mapping.parameterName("confirmation", in: &call)
        accessMode = mapping.parameterName("access_mode", default: accessMode, in: &conference) ?? accessMode
        callers = mapping.parameterName("callers", default: callers, in: &conference) ?? callers
        start = mapping.parameterName("start", in: &conference)
        callConstants = mapping.constants("call", in: &call)
        messageConstants = mapping.constants("sms", in: &message)
    }

    /// The names of one request: what is sent twice under one name has no meaning.
    fileprivate struct ParameterSet {
        private var names: Set<String>

        init(_ fixed: Set<String>) { names = fixed }

        /// False where it is taken.
        mutating func add(_ name: String) -> Bool { names.insert(name).inserted }
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
        var request = OrangeNames.ParameterSet(["id"])
        parameter = mapping.parameterName("parameter", default: parameter, in: &request) ?? parameter
        elements = mapping.elements("elements", default: elements)
        words = mapping.words("words", of: MessageReport.Status.allCases.map(\.rawValue)) {
            MessageReport.Status(rawValue: $0)
        }
        interval = mapping.duration("interval", default: interval, in: .seconds(1)...(.hours(1)))
        maximumAge = mapping.duration("max_age", default: maximumAge, in: .minutes(1)...(.hours(24)))
    }

    func write(to writer: inout YAMLWriter) {
        if let url { writer.line("url", url) }
        writer.line("parameter", parameter)
        writer.list("elements", elements)
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
        text(key).flatMap { isParameterName($0, of: key) ? $0.value : nil }
    }

    /// The same for one of several that stand in a request together.
    fileprivate func parameterName(
        _ key: String, default standard: String? = nil, in parameters: inout OrangeNames.ParameterSet
    ) -> String? {
        let place = position(of: key)
        let written = text(key)
        if let written, !isParameterName(written, of: key) { return nil }
        guard let name = written?.value ?? standard else { return nil }
        if !parameters.add(name) { reportTaken(name, at: written?.position ?? place) }
        return name
    }

    private func isParameterName(
        _ written: Located<String>, of key: String, what: String = "a parameter's name"
    ) -> Bool {
        let isName =
            (1...64).contains(written.value.utf8.count)
            && written.value.utf8.allSatisfy { CharacterSets.isURLSafe($0) || $0 == UInt8(ascii: ".") }
        if !isName {
            report("'\(key)': \(what) is 1 to 64 characters of A-Z a-z 0-9 _ - .", at: written.position)
        }
        return isName
    }

    private func reportTaken(_ name: String, at position: Position) {
        report("the request has another parameter '\(name)'; give each its own name", at: position)
    }

    /// Parameters whose values are always the same.
    fileprivate func constants(_ key: String, in parameters: inout OrangeNames.ParameterSet) -> [String: String] {
        var constants: [String: String] = [:]
        for (name, value) in table(key) where isParameterName(name, of: key) {
            if !parameters.add(name.value) { reportTaken(name.value, at: name.position) }
            constants[name.value] = value.value
        }
        return constants
    }

    /// The names of elements of a reply, compared without regard to case.
    fileprivate func elements(_ key: String, default standard: [String]) -> [String] {
        guard let node = take(key) else { return standard }
        guard let items = context.list(node, what: "'\(key)'") else { return standard }
        if !(1...20).contains(items.count) { report("'\(key)' holds 1 to 20 names", at: node.position) }
        return items.prefix(20).compactMap { item in
            guard let written = context.text(item, what: "an entry of '\(key)'") else { return nil }
            return isParameterName(written, of: key, what: "an element's name") ? written.value.lowercased() : nil
        }
    }

    /// What a provider's words mean, in our words. The provider's are compared without regard to case.
    fileprivate func words<Meaning>(
        _ key: String, of ours: [String], _ meaning: (String) -> Meaning?
    ) -> [String: Meaning] {
        var words: [String: Meaning] = [:]
        for (word, written) in table(key) {
            guard let meaning = meaning(written.value) else {
                report("'\(key)': not one of \(ours.joined(separator: ", "))", at: written.position)
                continue
            }
            if words.updateValue(meaning, forKey: word.value.lowercased()) != nil {
                report("'\(key)' has this word twice: capitals make no difference; keep one", at: word.position)
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
