package import CallModel

extension SFRDMCDecoder: RecordableDecoder {
    package static let settingNames = ["zone"]

    package init(numbers: NumberPlan, reading settings: SettingsReader) throws(SettingsReader.Fault) {
        guard let name = settings.text("zone") else {
            self.init(settings: .init(numbers: numbers))
            return
        }
        guard let zone = AssumedZone(rawValue: name) else {
            throw SettingsReader.Fault(message: "the zone is one of \(AssumedZone.allCases.map(\.rawValue))")
        }
        self.init(settings: .init(numbers: numbers, zone: zone))
    }

    package var plan: NumberPlan { settings.numbers }

    package func writeSettings(to json: inout JSONWriter) {
        if settings.zone != Settings(numbers: plan).zone { json.field("zone", settings.zone.rawValue) }
    }
}
