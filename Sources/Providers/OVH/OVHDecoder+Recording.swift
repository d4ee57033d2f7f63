package import CallModel

extension OVHDecoder: RecordableDecoder {
    package static let settingNames = ["registrations"]

    package init(numbers: NumberPlan, reading settings: SettingsReader) throws(SettingsReader.Fault) {
        self.init(settings: .init(numbers: numbers, tellsRegistrations: try settings.flag("registrations")))
    }

    package var plan: NumberPlan { settings.numbers }

    package func writeSettings(to json: inout JSONWriter) {
        if settings.tellsRegistrations { json.field("registrations", true) }
    }
}
