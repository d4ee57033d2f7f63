package import CallModel

extension KeyyoDecoder: RecordableDecoder {
    package static let settingNames = ["account", "parameters", "duplicate_window_ms"]

    package init(numbers: NumberPlan, reading settings: SettingsReader) throws(SettingsReader.Fault) {
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

    package var plan: NumberPlan { settings.numbers }

    package func writeSettings(to json: inout JSONWriter) {
        json.field("account", settings.account)
        let changed = KeyyoParameters.Keyword.allCases.filter { settings.parameters.name(of: $0) != $0.defaultName }
        json.table(
            "parameters",
            Dictionary(uniqueKeysWithValues: changed.map { ($0.rawValue, settings.parameters.name(of: $0)) }))
        if settings.duplicateWindow != Settings(numbers: plan).duplicateWindow {
            json.field("duplicate_window_ms", settings.duplicateWindow.milliseconds)
        }
    }

    package func replacingNumbers(_ replacement: (String) -> String) -> KeyyoDecoder {
        var settings = settings
        settings.account = settings.account.map(replacement)
        return KeyyoDecoder(settings: settings)
    }
}
