import CallModel
import Providers

/// A decoder whose settings a recording can hold, so that a file says all that is needed to read it again.
protocol RecordableDecoder: DeliveryDecoder {
    static var provider: ProviderID { get }
    /// The names of its settings besides `country`.
    static var settingNames: [String] { get }

    init(numbers: NumberPlan, reading settings: SettingsReader) throws(SettingsReader.Fault)

    var plan: NumberPlan { get }
    /// Writes what differs from the defaults; `country` is written already.
    func writeSettings(to json: inout JSONWriter)
}

extension OVHDecoder: RecordableDecoder {
    static let provider: ProviderID = "ovh"
    static let settingNames = ["registrations"]

    init(numbers: NumberPlan, reading settings: SettingsReader) throws(SettingsReader.Fault) {
        self.init(settings: .init(numbers: numbers, tellsRegistrations: try settings.flag("registrations")))
    }

    var plan: NumberPlan { settings.numbers }

    func writeSettings(to json: inout JSONWriter) {
        if settings.tellsRegistrations { json.field("registrations", true) }
    }
}

extension VoIPGRIDDecoder: RecordableDecoder {
    static let provider: ProviderID = "voipgrid"
    static let settingNames: [String] = []

    init(numbers: NumberPlan, reading settings: SettingsReader) throws(SettingsReader.Fault) {
        self.init(numbers: numbers)
    }

    var plan: NumberPlan { numbers }

    func writeSettings(to json: inout JSONWriter) {}
}

extension KeyyoDecoder: RecordableDecoder {
    static let provider: ProviderID = "keyyo"
    static let settingNames = ["account", "parameters", "duplicate_window_ms"]

    init(numbers: NumberPlan, reading settings: SettingsReader) throws(SettingsReader.Fault) {
        var names: [KeyyoParameters.Keyword: String] = [:]
        for (keyword, name) in try settings.table("parameters") {
            guard let known = KeyyoParameters.Keyword(rawValue: keyword) else {
                throw SettingsReader.Fault(message: "\"\(keyword.prefix(64))\" is no keyword of Keyyo's")
            }
            names[known] = name
        }
        var read = Settings(
            numbers: numbers, account: settings.text("account"), parameters: KeyyoParameters(names: names))
        if let window = try settings.span("duplicate_window_ms") { read.duplicateWindow = window }
        self.init(settings: read)
    }

    var plan: NumberPlan { settings.numbers }

    func writeSettings(to json: inout JSONWriter) {
        json.field("account", settings.account)
        let changed = KeyyoParameters.Keyword.allCases.filter { settings.parameters.name(of: $0) != $0.defaultName }
        json.table(
            "parameters",
            Dictionary(uniqueKeysWithValues: changed.map { ($0.rawValue, settings.parameters.name(of: $0)) }))
        if settings.duplicateWindow != Settings(numbers: plan).duplicateWindow {
            json.field("duplicate_window_ms", settings.duplicateWindow.milliseconds)
        }
    }
}

extension SFRDMCDecoder: RecordableDecoder {
    static let provider: ProviderID = "sfr-dmc"
    static let settingNames = ["zone"]

    init(numbers: NumberPlan, reading settings: SettingsReader) throws(SettingsReader.Fault) {
        guard let name = settings.text("zone") else {
            self.init(settings: .init(numbers: numbers))
            return
        }
        guard let zone = AssumedZone(rawValue: name) else {
            throw SettingsReader.Fault(message: "the zone is one of \(AssumedZone.allCases.map(\.rawValue))")
        }
        self.init(settings: .init(numbers: numbers, zone: zone))
    }

    var plan: NumberPlan { settings.numbers }

    func writeSettings(to json: inout JSONWriter) {
        if settings.zone != Settings(numbers: plan).zone { json.field("zone", settings.zone.rawValue) }
    }
}

extension OrangeDecoder: RecordableDecoder {
    static let provider: ProviderID = "orange"
    static let settingNames = [
        "call", "conference", "state", "words", "message_words", "message_elements", "duplicate_window_ms",
    ]

    init(numbers: NumberPlan, reading settings: SettingsReader) throws(SettingsReader.Fault) {
        var read = Settings(numbers: numbers)
        read.notifications.call = settings.text("call")
        read.notifications.conference = settings.text("conference")
        read.notifications.state = settings.text("state")
        read.notifications.words = try settings.words("words") { OrangeNotifications.Meaning($0) }
        read.history.words = try settings.words("message_words") { MessageReport.Status(rawValue: $0) }
        if let elements = settings.text("message_elements") {
            read.history.elements = elements.split(separator: ",").map(String.init)
        }
        read.duplicateWindow = try settings.span("duplicate_window_ms")
        self.init(settings: read)
    }

    var plan: NumberPlan { settings.numbers }

    func writeSettings(to json: inout JSONWriter) {
        json.field("call", settings.notifications.call)
        json.field("conference", settings.notifications.conference)
        json.field("state", settings.notifications.state)
        json.table(
            "words",
            settings.notifications.words.mapValues { meaning in
                switch meaning {
                case .state(let state): state.rawValue
                case .ended(let outcome): outcome.rawValue
                }
            })
        json.table("message_words", settings.history.words.mapValues(\.rawValue))
        if settings.history.elements != OrangeHistory().elements {
            json.field("message_elements", settings.history.elements.joined(separator: ","))
        }
        json.field("duplicate_window_ms", settings.duplicateWindow?.milliseconds)
    }
}
